"""`make check-connector`: says of every recorded answer what is read of it, or what does not fit."""

from __future__ import annotations

import sys

from helpdesk.company import CompanyFileError, load_company
from helpdesk.company.connectors import Connectors
from helpdesk.connectors.check import EXAMPLES, Replayed, replay
from helpdesk.settings import Settings


def told(rules: Connectors, replayed: list[Replayed]) -> list[str]:
    """The lines to print."""
    lines = []
    for each in replayed:
        lines += [f"{'fits    ' if each.fits else 'DOES NOT'} {each.name}", *(f"    {line}" for line in each.lines)]
    unrecorded = sorted(rules.calls.keys() - {each.name.partition(".")[0] for each in replayed})
    return [*lines, f"{len(replayed)} examples; none of: {', '.join(unrecorded) or '-'}"]


def main() -> int:
    """Exit code 1 when an example does not fit, when there is none, or when connectors.yml cannot be used."""
    folder = Settings().company_dir
    try:
        rules = load_company(folder).connectors
    except CompanyFileError as problem:
        print(problem)
        return 1
    replayed = list(replay(rules, folder / EXAMPLES))
    print("\n".join(told(rules, replayed)))
    return 0 if replayed and all(each.fits for each in replayed) else 1


if __name__ == "__main__":
    sys.exit(main())
