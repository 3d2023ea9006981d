"""What was possible at the desk and must not be: each misdeed as somebody would do it, by the API."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.store.tables import Audit, Compensation, Staff, Ticket
from tests.integration.desk.conftest import Desk
from tests.integration.desk.letters import MOVES, moved, opened

ABOUT_LIN = {"category": "attitude", "order": None, "product": None, "danger": None, "channel": "在线客服"}
CONTACT = ("13812345678", "王小明")


async def newcomer(desk: Desk, staff_id: str, department: str = "finance", role: str = "agent") -> str:
    """One more member of staff, who has nothing to do with anything yet."""
    async with desk.services.db.write() as uow:
        uow.session.add(
            Staff(id=staff_id, name=f"新人{staff_id}", number=f"S9{len(staff_id):03d}", role=role,
                  department=department, skills=[], capacity=3)
        )  # fmt: skip
        await uow.commit()
    return staff_id


def assert_hidden(shown: Any, *secrets: str) -> None:
    for secret in secrets:
        assert secret not in str(shown), secret


# ---------------------------------------------------------------- who is complained of


@pytest.mark.parametrize("named", ["S1001", "Ｓ１００１", "林 晓", "客服林\u200b晓"])
async def test_who_is_complained_of_does_nothing_to_it_and_sees_no_contact(sqlite_desk: Desk, named: str) -> None:
    conversation_id, number = await opened(sqlite_desk, **ABOUT_LIN, staff_name=named)
    before = len(await sqlite_desk.told(conversation_id))
    version = (await sqlite_desk.row(Ticket)).version
    path = f"/tickets/{number}"
    for route, body in (
        ("transitions", {"action": "withdraw", "note": "客户已经不追究了"}),
        ("notes", {"text": "客户无理取闹"}),
        ("contacts", {"text": "已联系客户"}),
        ("reveal", {"reason": "想看看是谁"}),
        ("owner", {"to": "agent2"}),
        ("escalate", {"note": "上报"}),
        ("ask", {"text": "请您再说一次经过好吗"}),
        ("alternatives", {"text": "送一张券"}),
        ("compensations", {"form": "money", "amount": "10", "text": "补偿", "reason": "息事宁人"}),
    ):
        await sqlite_desk.refused(403, "POST", f"{path}/{route}", "agent", **body)
    assert (await sqlite_desk.row(Ticket)).version == version
    assert len(await sqlite_desk.told(conversation_id)) == before
    for shown in (await sqlite_desk.ok("GET", path), await sqlite_desk.ok("GET", "/tickets")):
        assert_hidden(shown, *CONTACT)
    assert await sqlite_desk.ok("GET", "/tickets?q=13812345678") == []


async def test_a_supervisor_complained_of_is_nothing_more(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk, **ABOUT_LIN, staff_name="陈静")
    await sqlite_desk.refused(403, "POST", f"/tickets/{number}/transitions", "supervisor", action="accept")
    assert_hidden(await sqlite_desk.ok("GET", f"/tickets/{number}", "supervisor"), *CONTACT)
    assert await sqlite_desk.ok("GET", "/tickets?q=13812345678", "supervisor") == []
    assert [one["number"] for one in await sqlite_desk.ok("GET", "/tickets?q=13812345678", "admin")] == [number]


async def test_who_serves_a_customer_that_complains_of_them_sees_no_contact_either(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.customer("wang", "我的电话是13812345678")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    assert "13812345678" in str(await sqlite_desk.ok("GET", f"/conversations/{conversation_id}"))
    await opened(sqlite_desk, **ABOUT_LIN, staff_name="林晓")
    assert_hidden(await sqlite_desk.ok("GET", f"/conversations/{conversation_id}"), *CONTACT)
    assert_hidden(await sqlite_desk.ok("GET", "/conversations"), *CONTACT)


# ---------------------------------------------------------------- the customer's own word


async def test_nobody_is_satisfied_or_withdraws_for_the_customer(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    path = f"/tickets/{number}/transitions"
    early = (await desk.ok("GET", f"/tickets/{number}", "agent2"))["customer_words"]
    desk.clock.advance(timedelta(minutes=1))
    await moved(desk, number, *MOVES)
    other = await desk.customer("li", "我很满意，谢谢")
    foreign = (await desk.ok("GET", f"/conversations/{other}"))["messages"][0]["id"]
    for action in ("satisfy", "withdraw"):
        for body in ({}, {"note": "客户电话里说的"}, {"message_id": foreign}, {"message_id": "nothing"}):
            await desk.refused(422, "POST", path, "agent2", action=action, **body)
        await desk.refused(422, "POST", path, "supervisor", action=action)
        await desk.refused(422, "POST", path, "supervisor", action=action, note="好")
    for word in early:  # what was said before there was a result is no word about it
        await desk.refused(422, "POST", path, "agent2", action="satisfy", message_id=word["id"])
    await desk.customer("wang", "可以了，满意")
    word = (await desk.ok("GET", f"/tickets/{number}", "agent2"))["customer_words"][0]
    assert word["text"] == "可以了，满意"
    shown = await desk.ok("POST", path, "agent2", action="satisfy", message_id=word["id"])
    assert (shown["status"], shown["timeline"][-1]["detail"]["message"]) == ("satisfied", word["id"])
    assert conversation_id == shown["conversation_id"]


async def test_a_supervisor_may_with_a_reason_and_an_admin_too(sqlite_desk: Desk) -> None:
    for who in ("supervisor", "admin"):
        _, number = await opened(sqlite_desk, who)
        await moved(sqlite_desk, number, {"action": "withdraw", "note": "客户来电要求撤回"}, by=who)


# ---------------------------------------------------------------- other departments


async def test_another_department_reads_and_notes_and_no_more(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    who, path = await newcomer(sqlite_desk, "outsider"), f"/tickets/{number}"
    shown = await sqlite_desk.ok("GET", path, who)
    assert (shown["may"], shown["masked"]) == (["read", "note", "take", "open_internal"], True)
    await sqlite_desk.ok("POST", f"{path}/notes", who, text="我在仓库看到这台")
    for route, body in (
        ("transitions", {"action": "accept"}),
        ("owner", {"to": "outsider"}),
        ("department", {"department": "finance", "note": "归我们"}),
        ("escalate", {"note": "上报"}),
        ("investigators", {"staff_id": "outsider"}),
        ("reveal", {"reason": "想看看电话"}),
        ("contacts", {"text": "打了电话"}),
        ("compensations", {"form": "money", "amount": "10", "text": "补偿", "reason": "好心"}),
    ):
        await sqlite_desk.refused(403, "POST", f"{path}/{route}", who, **body)
    promise = shown["promises"][0]
    due_at = (sqlite_desk.clock.now() + timedelta(days=2)).isoformat()
    refusal = await sqlite_desk.refused(
        403, "POST", f"/promises/{promise['id']}/postpone", who, due_at=due_at, reason="忙"
    )
    assert refusal["details"]["deed"] == "postpone"


async def test_a_colleague_handles_but_gives_it_to_nobody(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    path = f"/tickets/{number}"
    await sqlite_desk.refused(403, "POST", f"{path}/owner", "agent", to="agent")
    await sqlite_desk.refused(403, "POST", f"{path}/department", "agent", department="sales", note="价格")
    await moved(sqlite_desk, number, *MOVES, by="agent")
    again = {"action": "reinvestigate", "note": "客户不满意"}
    await sqlite_desk.refused(403, "POST", f"{path}/transitions", "agent", **again, to="agent")
    await moved(sqlite_desk, number, again, by="agent")


async def test_an_admin_concludes_and_sees_like_a_supervisor(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, *MOVES, {"action": "conclude", "note": "已换新两次"}, by="admin")
    shown = await sqlite_desk.ok("GET", f"/tickets/{number}", "admin")
    assert (shown["masked"], shown["fields"]["phone"]) == (False, "13812345678")


# ---------------------------------------------------------------- money


def worth(amount: str) -> dict[str, str]:
    return {"form": "money", "amount": amount, "text": "补偿误工费", "reason": "延误"}


async def test_many_small_offers_are_one_large_one(desk: Desk) -> None:
    _, number = await opened(desk)
    states = []
    for _ in range(4):
        desk.clock.advance(timedelta(minutes=1))
        shown = await desk.ok("POST", f"/tickets/{number}/compensations", "agent2", **worth("90"))
        states.append(shown["compensations"][-1]["state"])
    assert states == ["approved", "approved", "proposed", "proposed"]
    waits = shown["compensations"][-1]["id"]
    await desk.refused(403, "POST", f"/compensations/{waits}/decision", "agent", decision="approve")
    await desk.ok("POST", f"/compensations/{waits}/decision", "supervisor", decision="approve")


@pytest.mark.parametrize("who", ["supervisor", "admin"])
async def test_nobody_approves_what_they_proposed_above_a_small_limit(sqlite_desk: Desk, who: str) -> None:
    _, number = await opened(sqlite_desk)
    shown = await sqlite_desk.ok("POST", f"/tickets/{number}/compensations", who, **worth("1500"))
    made = shown["compensations"][-1]
    assert made["state"] == "proposed"
    path, other = f"/compensations/{made['id']}/decision", {"supervisor": "admin", "admin": "supervisor"}[who]
    assert (await sqlite_desk.refused(403, "POST", path, who, decision="approve"))["details"]["crossed"] == "own"
    await sqlite_desk.ok("POST", path, other, decision="approve")


async def test_a_day_has_a_limit_for_each_person_however_many_tickets_and_calls_at_once(desk: Desk) -> None:
    numbers = [(await opened(desk, f"c{n}", order=f"20261108123{n:02d}"))[1] for n in range(8)]
    await desk.sign_in("agent2")
    await asyncio.gather(
        *(desk.ok("POST", f"/tickets/{one}/compensations", "agent2", **worth("200")) for one in numbers)
    )
    given = [one for one in await desk.rows(Compensation) if one.state == "approved"]
    assert sum(one.cents for one in given) == 1000_00
    desk.clock.advance(timedelta(days=1))
    desk.tokens.clear()
    _, number = await opened(desk, "tomorrow")
    shown = await desk.ok("POST", f"/tickets/{number}/compensations", "agent2", **worth("200"))
    assert shown["compensations"][-1]["state"] == "approved"


# ---------------------------------------------------------------- conversations


async def test_a_waiting_customer_is_not_closed_unseen(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    for who in ("agent", "supervisor", "admin"):
        await sqlite_desk.refused(409, "POST", f"/conversations/{conversation_id}/close", who)
    assert await sqlite_desk.state(conversation_id) == "waiting"
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/close")


async def test_a_customer_with_the_bot_is_closed_by_supervisors_only(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    await sqlite_desk.refused(403, "POST", f"/conversations/{conversation_id}/close", "agent")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/close", "supervisor")


# ---------------------------------------------------------------- masks


HIDDEN = (
    "１３９８７６５４３２１", "一三九八七六五四三二一", "139\u200b8765\u200b4321", "139.8765.4321", "139 8765 4321",
    "139\n8765\n4321", "1 3 9 8 7 6 5 4 3 2 1", "0571-88886666", "（0571）8888 6666", "110105194912310021",
    "6222 0212 3456 7890 129", "幸福小区3栋2单元501室",
)  # fmt: skip


@pytest.mark.parametrize("secret", HIDDEN)
async def test_what_is_hidden_stays_hidden_however_it_was_typed(sqlite_desk: Desk, secret: str) -> None:
    await sqlite_desk.sign_in()
    who = await newcomer(sqlite_desk, "outsider")
    told = f"王小明说：{secret}，请联系我"
    conversation_id, number = await opened(
        sqlite_desk, description=told, outcome=told, second_contact=f"13812345678（{secret}）"
    )
    await sqlite_desk.customer("wang", told)
    await sqlite_desk.turn(conversation_id, "ticket_note", {"number": number, "text": told})
    await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    await sqlite_desk.ok("POST", f"/tickets/{number}/notes", "agent2", text=told)
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/notes", "agent2", text=told)
    await sqlite_desk.ok("POST", f"/tickets/{number}/compensations", "agent2", **{**worth("10"), "reason": told})
    shown = [
        await sqlite_desk.ok("GET", path, who)
        for path in ("/queue", "/conversations", f"/conversations/{conversation_id}", "/tickets", f"/tickets/{number}",
                     "/promises")
    ]  # fmt: skip
    assert shown[2]["packet"]
    assert_hidden([str(one).replace("\\n", "\n").replace("\\u200b", "\u200b") for one in shown], secret)
    assert_hidden(shown, "王小明", "13812345678")


@pytest.mark.parametrize("q", ["13812345678", "1234567", "王小明", "三声路"])
async def test_nobody_finds_by_asking_what_is_behind_a_mask(desk: Desk, q: str) -> None:
    _, number = await opened(desk, address="三声路5号", description="王小明住三声路5号，电话13812345678")
    who = await newcomer(desk, "outsider")
    assert await desk.ok("GET", f"/tickets?q={q}", who) == []
    for asker in ("agent2", "supervisor", "admin"):
        assert [one["number"] for one in await desk.ok("GET", f"/tickets?q={q}", asker)] == [number]
    for legible in ("2026110812345", number, "quality"):
        assert [one["number"] for one in await desk.ok("GET", f"/tickets?q={legible}", who)] == [number]


async def test_what_staff_type_keeps_no_identity_or_card_number(sqlite_desk: Desk) -> None:
    secret, typed = "6222021234567890128", "客户卡号 6222.0212.3456.7890.128"
    await sqlite_desk.sign_in("agent2")
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim", "agent2")
    sent = await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", "agent2", text=f"您好，{typed}")
    assert "6222.****.****.****.*28" in sent["text"]
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/notes", "agent2", text=typed)
    _, number = await opened(sqlite_desk, "li")
    await sqlite_desk.ok("POST", f"/tickets/{number}/notes", "agent2", text=typed)
    await sqlite_desk.ok("POST", f"/tickets/{number}/reveal", "agent2", reason=typed)
    from helpdesk.store.tables import Base

    for table in Base.metadata.sorted_tables:
        async with sqlite_desk.services.db.read() as uow:
            rows = (await uow.session.execute(table.select())).all()
        assert_hidden("".join(sign for sign in str(rows) if sign not in ". "), secret)


# ---------------------------------------------------------------- looking behind the mask


async def test_a_look_behind_the_mask_has_a_reason_a_limit_and_a_line_in_the_audit(desk: Desk) -> None:
    _, number = await opened(desk)
    path = f"/tickets/{number}/reveal"
    for reason in ("", "看", "看看看", "。。。。。。", "看 一 下", "\u200b\u200b\u200b\u200b"):
        await desk.refused(422, "POST", path, "agent", reason=reason)
    answers = await asyncio.gather(*(desk.call("POST", path, "agent", reason="核对地址") for _ in range(24)))
    assert sorted(answer.status_code for answer in answers) == [200] * 20 + [429] * 4
    assert len(await desk.rows(Audit, action="fields_revealed", actor="staff:agent")) == 20
    desk.clock.advance(timedelta(hours=1, seconds=1))
    await desk.ok("POST", path, "agent", reason="核对地址")


async def test_the_audit_is_read_by_admins_page_by_page_and_tells_no_contact(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    for n in range(3):
        await sqlite_desk.ok("POST", f"/tickets/{number}/reveal", "agent2", reason=f"第{n}次核对电话13812345678")
    for who in ("agent", "agent2", "supervisor"):
        await sqlite_desk.refused(403, "GET", "/audit", who)
    first = await sqlite_desk.ok("GET", "/audit?action=fields_revealed&actor=staff:agent2&limit=2", "admin")
    rest = await sqlite_desk.ok("GET", f"/audit?action=fields_revealed&before={first[-1]['id']}", "admin")
    assert [one["detail"]["reason"][:3] for one in (*first, *rest)] == ["第2次", "第1次", "第0次"]
    assert {one["subject"] for one in first} == {number}
    assert_hidden([first, rest], "13812345678")
    assert await sqlite_desk.ok("GET", "/audit?subject=nothing", "admin") == []
    for who, offered in (("admin", True), ("supervisor", False)):
        assert ("read_audit" in (await sqlite_desk.ok("GET", "/me", who))["may"]) is offered
