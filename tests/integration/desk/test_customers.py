"""客户档案: who finds and sees which file, what changing one keeps, two files made one and taken apart, sharing out."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.store.tables import Audit, Conversation, Customer, CustomerMerge, Promise, Rating, Staff, Ticket
from helpdesk.usecases.customers import sharing
from helpdesk.usecases.privacy import retention
from tests.integration.desk.conftest import Desk, complaint

REASON = "电话里核对过姓名和订单"


async def known(desk: Desk, sender: str = "wang", **fields: Any) -> str:
    """A customer with a complaint; the id of their file."""
    talk = await desk.customer(sender)
    number = (await desk.turn(talk, "open_ticket", complaint(**fields)))["number"]
    return str((await desk.row(Ticket, number=number)).customer_id)


async def kept_by(desk: Desk, customer_id: str, keeper: str | None) -> None:
    await desk.change(Customer, customer_id, keeper_id=keeper)


async def names(desk: Desk, query: str = "", by: str = "supervisor") -> list[str]:
    return [one["name"] for one in await desk.ok("GET", f"/customers{query}", by)]


# ---------------------------------------------------------------- found and seen


async def test_a_list_finds_by_what_its_reader_is_shown(desk: Desk) -> None:
    mine = await known(desk)
    await known(desk, "li", name="李小红", phone="13900001111")
    await desk.customer("nobody", "您好")
    await kept_by(desk, mine, "agent")
    assert sorted(await names(desk)) == ["李小红", "王小明"], "of a visitor nothing is known"
    assert await names(desk, "?q=小红") == ["李小红"]
    assert await names(desk, "?q=0000111") == ["李小红"]
    assert sorted(await names(desk, "", "agent")) == ["李**", "王小明"]
    assert await names(desk, "?q=小明", "agent") == ["王小明"]
    assert await names(desk, "?q=小红", "agent") == [], "a mask hides it from the search too"
    (theirs,) = [one for one in await desk.ok("GET", "/customers", "agent") if one["masked"]]
    assert (theirs["phone"], theirs["class"]) == ("139****1111", "serving")
    assert await names(desk, "?mine=1", "agent") == ["王小明"]
    assert await names(desk, "?unkept=1") == ["李小红"]
    await desk.refused(422, "GET", "/customers?q=王")
    await desk.refused(422, "GET", "/customers?class=friend")


async def test_a_page_goes_on_where_the_last_one_ended(desk: Desk) -> None:
    for n in range(5):
        desk.clock.advance(timedelta(minutes=1))
        await known(desk, f"c{n}", name=f"客户第{n}", phone=f"1390000111{n}")
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        rows = await desk.ok("GET", f"/customers?limit=2{cursor}", "supervisor")
        seen += [one["name"] for one in rows]
        cursor = f"&cursor={rows[-1]['cursor']}"
    assert seen == [f"客户第{n}" for n in (4, 3, 2, 1, 0)]


async def test_a_file_tells_its_history_and_who_looked(desk: Desk) -> None:
    customer = await known(desk)
    talk = await desk.row(Conversation, customer_id=customer)
    async with desk.services.db.write() as uow:
        uow.session.add(Rating(conversation_id=talk.id, session_no=1, score=2, at=desk.clock.now()))
        await uow.commit()
    await desk.ok("POST", f"/customers/{customer}/tier", "supervisor", tier="key", reason="常年采购")
    found = await desk.ok("GET", f"/customers/{customer}", "supervisor")
    assert (found["name"], found["phone"], found["tier"]) == ("王小明", "13812345678", "key")
    assert [one["rating"] for one in found["talks"]] == [2]
    assert [one["kind"] for one in found["tickets"]] == ["complaint"]
    assert len(found["promises"]) == len(await desk.rows(Promise, customer_id=customer))
    assert found["addresses"][0]["channel"] == "rest"
    assert found["changes"][0]["action"] == "tier_set"
    assert (found["changes"][0]["after"], found["changes"][0]["reason"]) == ({"tier": "key"}, "常年采购")
    assert len(await desk.rows(Audit, action="customer_seen", subject=customer)) == 1
    masked = await desk.ok("GET", f"/customers/{customer}", "agent")
    assert (masked["name"], masked["remark"], masked["twins"]) == ("王**", None, [])
    assert "13812345678" not in str(masked)
    assert "王小明" not in str(masked)
    assert masked["may"] == []
    assert len(await desk.rows(Audit, action="customer_seen", subject=customer)) == 1, "a mask shows nothing of theirs"
    await desk.refused(403, "GET", f"/customers/{customer}/orders", "agent")


async def test_whom_a_customer_complains_of_sees_a_mask_even_as_keeper(desk: Desk) -> None:
    agent = await desk.row(Staff, id="agent")
    customer = await known(desk, staff_name=agent.name)
    await kept_by(desk, customer, "agent")
    assert (await desk.ok("GET", f"/customers/{customer}", "agent"))["masked"]
    await desk.refused(403, "PATCH", f"/customers/{customer}", "agent", remark="难缠")


async def test_a_class_is_what_happened(desk: Desk) -> None:
    customer = await known(desk)
    number = (await desk.row(Ticket, customer_id=customer)).number
    assert await names(desk, "?class=serving") == ["王小明"]
    await desk.change(Ticket, number, status="concluded", closed_at=desk.clock.now())
    assert await names(desk, "?class=serving") == []
    assert await names(desk, "?class=served") == ["王小明"]
    async with desk.services.db.write() as uow:
        now = desk.clock.now()
        uow.session.add(Customer(name="赵敏", phone="13700001111", created_at=now, last_seen_at=now))
        await uow.commit()
    new = (await desk.row(Customer, name="赵敏")).id
    assert await names(desk, "?class=prospective") == ["赵敏"]
    said = await desk.ok("PATCH", f"/customers/{new}", "supervisor", class_said="referred")
    assert await names(desk, "?class=referred") == ["赵敏"]
    seen = said["changed_at"]
    await desk.refused(422, "PATCH", f"/customers/{new}", "supervisor", class_said="served", seen=seen)


# ---------------------------------------------------------------- changed


async def test_a_change_keeps_what_was_before(desk: Desk) -> None:
    customer = await known(desk)
    await kept_by(desk, customer, "agent")
    changed = await desk.ok(
        "PATCH",
        f"/customers/{customer}",
        phone="139 0000 1111",
        reach_by="call",
        reach_from="09:00",
        reach_until="18:00",
        may_follow_up=True,
        remark="上午在家",
    )
    assert (changed["phone"], changed["reach_from"], changed["may_follow_up"]) == ("13900001111", "09:00", True)
    (line,) = [one for one in changed["changes"] if one["action"] == "customer_edited"]
    assert (line["before"]["phone"], line["after"]["phone"]) == ("13812345678", "13900001111")
    cleared = await desk.ok("PATCH", f"/customers/{customer}", email="", remark=None, seen=changed["changed_at"])
    assert (cleared["remark"], cleared["phone"]) == (None, "13900001111")


async def test_two_who_change_one_file_do_not_overwrite_each_other(desk: Desk) -> None:
    customer = await known(desk)
    seen = (await desk.ok("GET", f"/customers/{customer}", "supervisor"))["changed_at"]
    bodies = ({"remark": "先到", "seen": seen}, {"remark": "后到", "seen": seen})
    answers = await asyncio.gather(
        *(desk.call("PATCH", f"/customers/{customer}", "supervisor", **body) for body in bodies)
    )
    assert sorted(one.status_code for one in answers) == [200, 409]


@pytest.mark.parametrize(
    "values, wrong",
    [
        ({"phone": "12"}, "phone"),
        ({"email": "王小明"}, "email"),
        ({"name": "12345"}, "name"),
        ({"reach_by": "pigeon"}, "reach_by"),
        ({"reach_from": "09:00"}, "reach_until"),
        ({"reach_from": "18:00", "reach_until": "09:00"}, "reach_until"),
        ({"reach_from": "9点", "reach_until": "18:00"}, "reach_from"),
        ({"remark": "长" * 501}, "remark"),
    ],
)
async def test_what_cannot_be_is_told_by_its_field(sqlite_desk: Desk, values: dict[str, Any], wrong: str) -> None:
    customer = await known(sqlite_desk)
    error = await sqlite_desk.refused(422, "PATCH", f"/customers/{customer}", "supervisor", **values)
    assert wrong in error["details"]["reasons"]
    assert (await sqlite_desk.row(Customer, id=customer)).changed_at is None


async def test_a_stale_file_is_looked_through(desk: Desk) -> None:
    customer = await known(desk)
    await kept_by(desk, customer, "agent")
    assert await names(desk, "?stale=1") == []
    desk.clock.advance(timedelta(days=desk.services.company.customer_files.stale_days))
    desk.tokens.clear()
    assert await names(desk, "?stale=1&mine=1", "agent") == ["王小明"]
    await desk.refused(403, "POST", f"/customers/{customer}/review", "agent2")
    assert not (await desk.ok("POST", f"/customers/{customer}/review", "agent"))["stale"]
    assert await names(desk, "?stale=1") == []


async def test_a_file_changes_hands_for_a_reason(desk: Desk) -> None:
    customer = await known(desk)
    path = f"/customers/{customer}/keeper"
    await desk.refused(403, "POST", path, "agent", to="agent", reason=REASON)
    await desk.refused(422, "POST", path, "supervisor", to="nobody", reason=REASON)
    assert (await desk.ok("POST", path, "supervisor", to="agent2", reason=REASON))["keeper"] == "agent2"
    assert (await desk.ok("GET", f"/customers/{customer}", "agent2"))["name"] == "王小明"


# ---------------------------------------------------------------- made one, taken apart


async def test_two_files_become_one_and_are_taken_apart_again(desk: Desk) -> None:
    into, other = await known(desk), await known(desk, "wang2", name="王小明", email="w@example.com")
    await desk.change(Customer, other, may_follow_up=False, remark="周末不便")
    (twin,) = (await desk.ok("GET", f"/customers/{into}", "supervisor"))["twins"]
    assert twin["id"] == other
    await desk.refused(403, "POST", f"/customers/{into}/merge", "agent", other=other, reason=REASON)
    await desk.refused(422, "POST", f"/customers/{into}/merge", "supervisor", other=into, reason=REASON)
    one = await desk.ok("POST", f"/customers/{into}/merge", "supervisor", other=other, reason=REASON)
    assert (one["email"], one["may_follow_up"], one["remark"]) == ("w@example.com", False, "周末不便")
    assert len(one["talks"]) == len(one["tickets"]) == 2
    assert await names(desk) == ["王小明"]
    gone = await desk.refused(404, "GET", f"/customers/{other}", "supervisor")
    assert gone["details"]["merged_into"] == into
    later = await desk.turn((await desk.rows(Conversation))[0].id, "open_ticket", complaint(description="门也坏了"))
    await desk.ok("PATCH", f"/customers/{into}", "supervisor", remark="改过", seen=one["changed_at"])
    merge_id = one["merges"][0]["id"]
    back = await desk.ok("POST", f"/merges/{merge_id}/undo", "supervisor")
    assert (back["id"], back["email"], back["may_follow_up"]) == (other, "w@example.com", False)
    assert len(back["tickets"]) == 1
    kept = await desk.ok("GET", f"/customers/{into}", "supervisor")
    assert (kept["email"], kept["remark"], kept["phone"]) == (None, "改过", "13812345678"), (
        "what was changed since stays"
    )
    assert later["number"] in {ticket["number"] for ticket in (*kept["tickets"], *back["tickets"])}
    await desk.refused(409, "POST", f"/merges/{merge_id}/undo", "supervisor")
    assert (await desk.row(CustomerMerge)).before == {}


async def test_files_can_be_made_one_over_and_over(desk: Desk) -> None:
    first, second, third = [await known(desk, f"c{n}", phone=f"1380000111{n}") for n in range(3)]
    one = await desk.ok("POST", f"/customers/{second}/merge", "supervisor", other=first, reason=REASON)
    await desk.ok("POST", f"/customers/{third}/merge", "supervisor", other=second, reason=REASON)
    whole = await desk.ok("GET", f"/customers/{third}", "supervisor")
    assert len(whole["tickets"]) == 3
    back = await desk.ok("POST", f"/merges/{one['merges'][0]['id']}/undo", "supervisor")
    assert (back["id"], back["phone"], len(back["tickets"])) == (first, "13800001110", 1)
    assert len((await desk.ok("GET", f"/customers/{third}", "supervisor"))["tickets"]) == 2


async def test_two_who_make_the_same_files_one_do_it_once(desk: Desk) -> None:
    into, other = await known(desk), await known(desk, "wang2")
    ways = ((into, other), (other, into), (into, other))
    answers = await asyncio.gather(
        *(desk.call("POST", f"/customers/{a}/merge", "supervisor", other=b, reason=REASON) for a, b in ways)
    )
    assert sorted(one.status_code for one in answers) == [201, 404, 404]
    assert len(await desk.rows(CustomerMerge)) == 1


async def test_two_users_of_the_companys_site_stay_two(desk: Desk) -> None:
    into, other = await known(desk), await known(desk, "wang2")
    await desk.change(Customer, into, user_id="u1")
    await desk.change(Customer, other, user_id="u2")
    await desk.refused(409, "POST", f"/customers/{into}/merge", "supervisor", other=other, reason=REASON)
    await desk.change(Customer, into, user_id=None)
    one = await desk.ok("POST", f"/customers/{into}/merge", "supervisor", other=other, reason=REASON)
    assert one["is_signed_in"]
    assert (await desk.row(Customer, id=into)).user_id == "u2"
    await desk.ok("POST", f"/merges/{one['merges'][0]['id']}/undo", "supervisor")
    assert (await desk.row(Customer, id=other)).user_id == "u2"


async def test_after_a_while_nothing_is_kept_to_take_files_apart_with(desk: Desk) -> None:
    into, other = await known(desk), await known(desk, "wang2")
    one = await desk.ok("POST", f"/customers/{into}/merge", "supervisor", other=other, reason=REASON)
    desk.clock.advance(desk.services.company.personal_data.keep.span("merges") + timedelta(minutes=1))
    await retention.forget_old(desk.services, desk.clock.now())
    assert await desk.rows(CustomerMerge) == []
    desk.tokens.clear()
    await desk.refused(404, "POST", f"/merges/{one['merges'][0]['id']}/undo", "supervisor")


# ---------------------------------------------------------------- shared out


async def test_new_files_go_round_and_those_of_who_left_go_round_again(desk: Desk) -> None:
    agents = [one.id for one in await desk.rows(Staff, role="agent", active=True)]
    for n in range(2 * len(agents)):
        await known(desk, f"c{n}", phone=f"13900002{n:03}")
    await asyncio.gather(*(sharing.run(desk.services, desk.clock.now()) for _ in range(2)))
    kept = Counter(one.keeper_id for one in await desk.rows(Customer) if one.phone)
    assert kept == Counter(dict.fromkeys(agents, 2))
    assert len(await desk.rows(Audit, action="customer_given")) == 2 * len(agents), "once each"
    await desk.change(Staff, agents[0], active=False)
    await sharing.run(desk.services, desk.clock.now() + timedelta(minutes=1))
    left = Counter(one.keeper_id for one in await desk.rows(Customer) if one.phone)
    assert agents[0] not in left
    assert sum(left.values()) == 2 * len(agents)


async def test_a_house_that_gives_files_by_hand_shares_none_out(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sqlite_desk
    await known(desk)
    company = desk.services.company
    by_hand = company.customer_files.model_copy(update={"share_new": False})
    monkeypatch.setattr(desk.services, "company", company.model_copy(update={"customer_files": by_hand}))
    await sharing.run(desk.services, desk.clock.now())
    assert {one.keeper_id for one in await desk.rows(Customer)} == {None}
