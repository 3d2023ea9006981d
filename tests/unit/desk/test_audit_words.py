"""What the audit holds is read in Chinese: every action that is written down has its title at the desk."""

from __future__ import annotations

import re

from helpdesk.testing import ROOT

NOTED = re.compile(r"audit\.note\([^,]+,[^,]+,\s*\"([a-z_]+)\"")


def test_every_action_has_a_title() -> None:
    noted = {one for path in (ROOT / "helpdesk").rglob("*.py") for one in NOTED.findall(path.read_text("utf-8"))}
    titles = (ROOT / "frontend" / "desk" / "src" / "logic" / "audit.ts").read_text("utf-8")
    assert len(noted) > 60
    assert sorted(one for one in noted if f"  {one}: " not in titles) == []
