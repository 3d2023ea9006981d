"""Chinese text as customers type it: normalised, folded and encoded.

Pure: numpy, OpenCC, the sentence encoder and small tables of words and days only, Python 3.10 syntax, because both
environments (the dialogue worker and the service) import it.
"""

from zhtext.encode import DIMENSIONS, Encoder, shared_encoder
from zhtext.normalise import fold, normalise, normalise_apart, normalise_clauses, to_simplified
from zhtext.ordinals import ordinal

__all__ = [
    "DIMENSIONS",
    "Encoder",
    "fold",
    "normalise",
    "normalise_apart",
    "normalise_clauses",
    "ordinal",
    "shared_encoder",
    "to_simplified",
]
