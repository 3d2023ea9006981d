"""Every code that the service refuses with has words at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from helpdesk.errors import HelpdeskError
from helpdesk.web_errors import CODES

WORDS = Path(__file__).parents[3] / "frontend" / "desk" / "src" / "logic" / "errors.ts"
NEVER_SHOWN = {"turn_lost"}


def kinds(kind: type[HelpdeskError]) -> Iterator[type[HelpdeskError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from kinds(one)


def test_every_code_is_said_in_chinese() -> None:
    said = dict(re.findall(r'^  (\w+): "([^"]+)",$', WORDS.read_text("utf-8"), re.MULTILINE))
    codes = {kind.code for kind in kinds(HelpdeskError)} | set(CODES.values()) | {"client_gone"}
    assert codes - set(said) - NEVER_SHOWN == set()
    assert all(re.search("[\u4e00-\u9fff]", words) for words in said.values())
