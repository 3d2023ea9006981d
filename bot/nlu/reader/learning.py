"""What the reader learns, part by part, without Rasa: each part is kept on disk, and fitted by whoever comes first.

Six parts: the network that hears acts, the field that finds names, the shades, what tells of a matter, dangers, and
what is put right. `python -m bot.nlu.reader.learning CONFIG` fits those of a pipeline; the training begins it as a
process beside Rasa's own reading of the sentences, so that both processors are busy (bot/train.py).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.nlu import kept
from bot.nlu.dangers import read_dangers
from bot.nlu.masking import prepared
from bot.nlu.reader import alarm, kinds, model, names, network, revising, shades, spans, telling
from bot.nlu.reader.model import Example, Seen
from bot.nlu.reader.network import Recipe
from bot.nlu.reader.turns import Context, Turn, read_made, read_turns
from bot.nlu.vectors import NamedEncoder, known_vectors
from zhtext import normalise_apart, shared_encoder

SOURCES = {
    "turns": "data/turns",
    "shades": "data/shades",
    "accounts": "data/accounts",
    "dangers": "data/dangers",
    "revisions": "data/revisions",
    "fields": "company/fields",
    "safety": "company/safety.yml",
    "lexicon": "company/lexicon",
}
"""Where the reader's examples and the company's words lie, from the project's folder."""
READER = "bot.nlu.turn_reader.TurnReader"


@dataclass(frozen=True)
class Part:
    """Something that is fitted for itself: from which examples, by which code, into the files of a folder."""

    name: str
    examples: Sequence[str]
    fit: Callable[[Path], None]
    code: Sequence[ModuleType]
    """The modules whose code, with all that they import of ours, makes the part."""
    encoder: NamedEncoder | None = None

    def into(self, folder: Path, *, wait: bool = True) -> bool:
        """Its files, those kept or fitted now; False where another process fits them and there is no waiting."""
        if len(self.examples) < kept.FEWEST:
            self.fit(folder)
            return True
        code = [Path(__file__), *(Path(str(one.__file__)) for one in self.code)]
        digest = kept.digest_of(self.examples, self.encoder, code)
        return kept.fitted(self.name, digest, folder, self.fit, wait=wait)


class Learning:
    """The parts of one pipeline's reader; `sources` has the keys of `SOURCES`."""

    def __init__(self, sources: Mapping[str, str], encoder: NamedEncoder) -> None:
        self._at = {name: Path(sources[name]) for name in SOURCES}
        self._encoder = encoder

    @cached_property
    def turns(self) -> list[Turn]:
        """All turns that teach; without any, nothing is read."""
        return read_turns(self._at["turns"])

    def parts(self) -> list[Part]:
        """Those that there are examples for, the one that takes longest first."""
        found = [self._acts, self._shades(), self._dangers(), self._names(), self._accounts(), self._revisions()]
        return [part for part in found if part.examples]

    @cached_property
    def _all(self) -> list[Turn]:
        """With those that nobody said."""
        return self.turns + read_made() if self.turns else []

    @cached_property
    def _acts(self) -> Part:
        def fit(folder: Path) -> None:
            model.save(model.fit(_examples(self._all, self._encoder), Recipe()), folder)

        return Part("acts", [*map(repr, self._all)], fit, [model, network], self._encoder)

    def _names(self) -> Part:
        def fit(folder: Path) -> None:
            spans.save(names.fit(self._all), folder)

        return Part("names", [*map(repr, self._all)], fit, [names, spans])

    def _shades(self) -> Part:
        """On what the network takes in and makes of it."""
        lines = shades.read_shades(self._at["shades"])

        def fit(folder: Path) -> None:
            with tempfile.TemporaryDirectory() as acts:
                self._acts.into(Path(acts))
                reader = model.load(Path(acts))
            beside = [self.turns[at] for at in shades.some_beside(len(self.turns))]
            seen, others = (
                reader.features(_seen([(one.said, one.context) for one in said], self._encoder, part))
                for said, part in ((lines, "shades"), (beside, "beside"))
            )
            shades.save(shades.fit(lines, seen, others, [turn.acts for turn in beside]), folder)

        examples = [*map(repr, lines), *self._acts.examples] if lines else []
        return Part("shades", examples, fit, [shades, model, network], self._encoder)

    def _accounts(self) -> Part:
        marked = telling.read_accounts(self._at["accounts"])

        def fit(folder: Path) -> None:
            telling.save(telling.fit(marked), folder)

        return Part("accounts", [*map(repr, marked)], fit, [telling])

    def _revisions(self) -> Part:
        marked, fields = revising.read_revisions(self._at["revisions"]), revising.read_names(self._at["fields"])

        def fit(folder: Path) -> None:
            revising.save(revising.fit(marked, fields), folder)

        return Part("revisions", [*map(repr, [fields.words, *marked])] if marked else [], fit, [revising])

    def _dangers(self) -> Part:
        """Whether a danger is told, from all lines; which one, from those that bear a sign of the company's."""
        own, safety = alarm.read_dangers(self._at["dangers"]), self._at["safety"]
        lines = [*own, *alarm.lines_of(self._all)] if own else []

        def fit(folder: Path) -> None:
            texts = [prepared(line.said) for line in lines]
            vectors = known_vectors(self._encoder, texts, "dangers").encode(texts)
            words = read_dangers(safety)
            signs, spoken_of = zip(*(alarm.heard(normalise_apart(line.said), words) for line in lines), strict=True)
            alarm.save(alarm.fit(texts, vectors, signs, [line.is_danger for line in lines]), folder)
            told = [at for at, line in enumerate(lines) if line.is_danger and spoken_of[at]]
            if told:
                named = [spoken_of[at][0] for at in told]
                kinds.save(kinds.fit([texts[at] for at in told], vectors[told], named), folder)

        words = [safety.read_text(encoding="utf-8")] if lines and safety.is_file() else []
        return Part("dangers", [*words, *map(repr, lines)], fit, [alarm, kinds], self._encoder)


def learn(parts: Sequence[Part], folder: Path) -> None:
    """All of them; one that another process is at is taken from it when the others are done."""
    late = [part for part in parts if not part.into(folder, wait=False)]
    for part in late:
        part.into(folder)


def _examples(turns: Sequence[Turn], encoder: NamedEncoder) -> list[Example]:
    seen = _seen([(turn.said, turn.context) for turn in turns], encoder, "turns")
    return [Example(one, _labels(turn)) for turn, one in zip(turns, seen, strict=True)]


def _seen(said: Sequence[tuple[str, Context]], encoder: NamedEncoder, part: str) -> list[Seen]:
    """Messages as the model sees them; their vectors are kept under the name of the part."""
    texts = [prepared(words) for words, _ in said]
    vectors = known_vectors(encoder, texts, part).encode(texts)
    return [Seen(text, context, vector) for text, (_, context), vector in zip(texts, said, vectors, strict=True)]


def _labels(turn: Turn) -> list[str]:
    return [act if polarity == "+" else f"{act}-" for act, polarity in turn.acts.items()]


def of_pipeline(config: Path) -> dict[str, Any] | None:
    """What a pipeline's configuration says of its reader, None where it has none."""
    from ruamel.yaml import YAML

    named: Iterator[dict[str, Any]] = iter(YAML(typ="safe").load(config)["pipeline"])
    found = next((one for one in named if one["name"] == READER), None)
    return None if found is None else {**SOURCES, **found}


def main() -> int:
    """The command: what a training will ask for lies on the disk afterwards."""
    from bot import startup

    startup.prepare_learning()
    sources, encoder = of_pipeline(Path(sys.argv[1])), shared_encoder()
    if sources is None or encoder is None:
        return 0
    learning = Learning(sources, encoder)
    if len(learning.turns) >= kept.FEWEST:
        with tempfile.TemporaryDirectory() as folder:
            learn(learning.parts(), Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
