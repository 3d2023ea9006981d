"""What came out: a table by kind, and what failed with what was said and what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.cases.checks import texts, titles
from tests.support.cases.customer import Json
from tests.support.cases.play import Played, PlayedStep


@dataclass(frozen=True)
class Score:
    """How many steps and whole conversations are right, of how many."""

    steps: int
    steps_right: int
    conversations: int
    conversations_right: int

    @property
    def step_share(self) -> float:
        """Of the steps."""
        return self.steps_right / self.steps

    @property
    def share(self) -> float:
        """Of the conversations."""
        return self.conversations_right / self.conversations


def score(played: Sequence[Played]) -> Score:
    """Count."""
    steps = [step for one in played for step in one.steps if step.counts]
    right = sum(not step.failures for step in steps)
    return Score(len(steps), right, len(played), sum(one.is_right for one in played))


def table(played: Sequence[Played]) -> str:
    """A row a kind, in the order in which they were played, and the total."""
    kinds = dict.fromkeys(one.script.phenomenon for one in played)
    rows = [_row(kind, [one for one in played if one.script.phenomenon == kind]) for kind in kinds]
    return "\n".join(["| kind | steps right | conversations right |", "|---|---|---|", *rows, _row("all", played)])


def _row(name: str, played: Sequence[Played]) -> str:
    found = score(played)
    steps = f"{found.steps_right} of {found.steps} ({found.step_share:.0%})"
    return f"| {name} | {steps} | {found.conversations_right} of {found.conversations} ({found.share:.0%}) |"


def failures(played: Sequence[Played], *, verbose: bool = False) -> str:
    """A line a failed check; `verbose` adds what was said and what came in the whole conversation until then."""
    return "\n".join(line for one in played if not one.is_right for line in _failed(one, verbose))


def _failed(played: Played, verbose: bool) -> Iterator[str]:
    yield f"{played.script.phenomenon} · {played.script.name}"
    for step in played.steps:
        if verbose:
            yield from _exchanges(step)
        yield from (f"  ✗ {step.step.kind}: {failure}" for failure in step.failures)


def _exchanges(step: PlayedStep) -> Iterator[str]:
    if step.step.kind == "staff":
        yield f"  staff: {step.step.given}"
    for one in step.exchanges:
        yield f"  > {one.said}"
        yield from (f"    {line}" for reply in one.replies for line in _reply(reply))


def _reply(reply: Json) -> Iterator[str]:
    (text,), choices = texts([reply]), titles([reply])
    yield text.replace("\n", " / ")
    if choices:
        yield f"[{'] ['.join(choices)}]"
    if reply.get("custom"):
        yield str(reply["custom"])
