"""Nothing is promised to be done before the day on which the customer wishes for somebody to come."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.model.matter import Matter
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency
from helpdesk.testing import settings_for
from helpdesk.usecases.promises.due import assess
from tests.support.fixtures import services_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday


@pytest.mark.parametrize(
    "kind,visit,due",
    [
        (Kind.REPAIR, "周六下午两点以后（11月28日）", 28),
        (Kind.REPAIR, "明天上午（11月25日）", 27),
        (Kind.INSTALLATION, "11月30日上午", 30),
        (Kind.REPAIR, "随时", 27),
        (Kind.REFUND, "周六（11月28日）", 27),
    ],
)
def test_a_result_is_promised_for_the_day_of_the_visit_at_the_earliest(kind: Kind, visit: str, due: int) -> None:
    services = services_of(settings_for("sqlite+aiosqlite:///never-opened.db"))
    found = assess(services, Matter(kind, {"visit_time": visit}, hint=Urgency.URGENT), NOW)
    assert found.result_due == datetime(2026, 11, due, 21, 0, tzinfo=SHANGHAI)
