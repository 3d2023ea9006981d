"""A person's card, made of what they did at the desk."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.desk.conftest import MONDAY, Desk

TODAY = "from=2026-11-23&to=2026-11-23"
EVASIVE = "这个不归我管"


async def served(desk: Desk, sender: str, *said: str, force: bool = False) -> str:
    """A customer whom the agent takes, tells this, and leaves."""
    conversation_id = await desk.waiting(sender)
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    for text in said:
        desk.clock.advance(timedelta(seconds=5))
        await desk.ok("POST", f"/conversations/{conversation_id}/messages", text=text, force=force)
    await desk.ok("POST", f"/conversations/{conversation_id}/close")
    return conversation_id


async def test_a_card_tells_voices_language_and_attendance(desk: Desk) -> None:
    desk.clock.set(MONDAY - timedelta(minutes=30))  # 9:30; the roster begins at nine
    await desk.sign_in()
    courteous = await served(desk, "one", "您好，请问有什么可以帮您？", "已为您登记，感谢您的反馈，再见！")
    curt = await served(desk, "two", EVASIVE, force=True)
    desk.clock.set(MONDAY)
    await desk.ok("POST", "/presence", state="away")
    desk.clock.set(MONDAY + timedelta(hours=1))
    found = await desk.ok("GET", f"/me/scorecard?{TODAY}")
    assert (found["id"], found["stays"], found["replies"]) == ("agent", 2, 3)
    assert found["voices"] == {"greeted": 1, "answered": 2, "seen_off": 1}
    assert [(one["conversation_id"], one["missing"]) for one in found["lacks"]] == [(curt, ["greeted", "seen_off"])]
    assert courteous != curt
    assert (found["forced_count"], [one["subject"] for one in found["forced"]]) == (1, [curt])
    assert found["forced"][0]["codes"]
    attendance = found["attendance"]
    assert (attendance["rostered"], attendance["kept"], attendance["besides"]) == (120, 30, 0)
    assert [one[:16] for one in attendance["late"]] == ["2026-11-23T09:00"]
    assert found["figures"]["to_first_word"]["count"] == 2
    assert found["figures"]["satisfied"]["mean"] is None


async def test_a_colleague_who_did_nothing_has_an_empty_card(sqlite_desk: Desk) -> None:
    found = await sqlite_desk.ok("GET", f"/scorecards/admin?{TODAY}", "supervisor")
    assert (found["stays"], found["replies"], found["forced_count"], found["notes"]) == (0, 0, 0, [])
    assert found["attendance"] == {"rostered": 0, "kept": 0, "besides": 0, "late": []}
    assert {one["count"] for one in found["figures"].values()} == {0}


async def test_a_note_is_read_by_whom_it_is_for_and_by_who_leads_and_nobody_else(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    made = await desk.ok("POST", "/scorecards/agent/notes", "supervisor", text="道别前请先问一句还有没有别的事")
    assert made["by"] == "supervisor"
    for path, who in (("/me/scorecard", "agent"), ("/scorecards/agent", "admin")):
        assert (await desk.ok("GET", f"{path}?{TODAY}", who))["notes"] == [made]
    assert (await desk.ok("GET", f"/me/scorecard?{TODAY}", "agent2"))["notes"] == []
    await desk.refused(403, "GET", f"/scorecards/agent?{TODAY}", "agent2")
    await desk.refused(403, "GET", f"/scorecards/agent?{TODAY}", "agent")
    await desk.refused(403, "POST", "/scorecards/agent/notes", "agent2", text="不该由我写")
    await desk.refused(404, "POST", "/scorecards/nobody/notes", "supervisor", text="没有这个人")


async def test_a_card_of_more_than_a_quarter_is_refused(sqlite_desk: Desk) -> None:
    await sqlite_desk.refused(422, "GET", "/me/scorecard?from=2026-06-01&to=2026-11-23")
    await sqlite_desk.refused(404, "GET", f"/scorecards/nobody?{TODAY}", "supervisor")
