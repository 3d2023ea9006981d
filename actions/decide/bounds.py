"""How sure a reading has to be. Every number of the decision stands here, with its reason."""

from __future__ import annotations

INTENT = 0.5
"""An intent of the sentence alone counts from here on, when the reader hears nothing: it knows no context, and where
both speak the reader is right more often (measured on held-out writers, docs/understanding.md)."""
MATTER = 0.45
"""Below this a matter that the reader hears is no wish: fewer than half of them are one."""
OPEN = 0.7
"""From here on a matter is begun at once; of those below it hardly more than half are meant, so it is asked."""
OWN_MATTER, FAINT_MATTER = 0.65, 0.6
"""From here on a sentence's own matter is asked about, in the place of another one that the reader hears below that."""
SURE_SENTENCE = 0.9
"""From here on the intent of a sentence stands against a reading that hears nothing of its own as sure as `OPEN`."""
OUTRIGHT = 0.95
"""From here on a matter is begun even where a question about it was answered."""
FAINT = 0.35
"""What the reader hears more faintly than this, where it had nothing better, counts for nothing."""
DANGER = 0.9
"""A danger that only the reader heard is acted on from here; the company's words count at once."""
UNHEARD = 0.5
"""A sentence that belongs to no matter of ours from here on: a reading fainter than that is a guess at nonsense."""
SURE_OF_QUESTION = 0.75
"""From here on a question inside a form is one although the reader heard an answer."""
HARMLESS = 0.6
"""An intent that names a leave-taking or a person counts beside mere yes, thanks and grumbling from here on."""
CROSS = 0.45
"""An intent of anger counts from here on where the reader hears grumbling at least as surely: both hear it."""
OFFER_PERSON_AFTER = 2
"""Failures in a row, of any kind, after which a person is offered (D1)."""
