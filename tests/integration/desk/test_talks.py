"""All conversations at the desk: found by what is known of them and by what was said, as far as one may see it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import delete, func, select, text, update

from helpdesk.services import Services
from helpdesk.store import search
from helpdesk.store.tables import Conversation, Customer, Message, Rating, Ticket
from helpdesk.testing import Databases
from tests.integration.desk.conftest import Desk, complaint, desk_on


async def found(desk: Desk, q: str = "", who: str = "supervisor", **query: Any) -> list[dict[str, Any]]:
    words = "&".join(f"{name}={quote(str(value))}" for name, value in {"q": q, **query}.items())
    rows: list[dict[str, Any]] = await desk.ok("GET", f"/talks?{words}", who)
    return rows


async def senders(desk: Desk, q: str = "", who: str = "supervisor", **query: Any) -> list[str]:
    return [row["sender"] for row in await found(desk, q, who, **query)]


async def wrote(desk: Desk, sender: str, words: str) -> str:
    """A customer whose message was answered."""
    conversation_id = await desk.customer(sender, words)
    await desk.change(Conversation, conversation_id, last_customer_at=desk.clock.now())
    return conversation_id


async def served(desk: Desk, sender: str, by: str = "agent") -> str:
    await desk.sign_in(by)
    conversation_id = await desk.waiting(sender)
    await desk.ok("POST", f"/conversations/{conversation_id}/claim", by)
    return conversation_id


@pytest.mark.parametrize("q", ["退款", "要ABC退款", "ABC退", "abc", "款到", "1234", "到账，谢"])
async def test_what_was_said_is_found_by_two_characters_and_more(desk: Desk, q: str) -> None:
    await desk.customer("li", "我要ABC退款到账，谢谢 201234")
    await desk.customer("wang", "退一下款")
    (row,) = await found(desk, q)
    assert row["sender"] == "li"
    assert q.casefold() in row["words"].casefold()


@pytest.mark.parametrize("q", ["款", "，。", " x "])
async def test_what_has_no_pair_of_characters_is_told_so(sqlite_desk: Desk, q: str) -> None:
    error = await sqlite_desk.refused(422, "GET", f"/talks?q={quote(q)}", "supervisor")
    assert error["reason"] == "search_too_short"


@pytest.mark.parametrize("q", ['退"款', "退款*", "NOT 退款", "%%", "退_", "' OR 1=1", 'a"b"c', "()", "𠮷野"])
async def test_signs_mean_nothing_but_themselves(desk: Desk, q: str) -> None:
    await desk.customer("li", "我要退款")
    answer = await desk.call("GET", f"/talks?q={quote(q)}", "supervisor")
    assert answer.status_code in {200, 422}, answer.text
    assert answer.status_code == 422 or answer.json() == []
    await desk.customer("wang", f"客户说{q}")
    if answer.status_code == 200:
        assert await senders(desk, q) == ["wang"]


async def test_one_row_a_conversation_the_newest_hit_first(desk: Desk) -> None:
    for sender, words in (("li", "发票开了吗"), ("wang", "要发票"), ("li", "发票发给我")):
        desk.clock.advance(timedelta(minutes=1))
        await desk.customer(sender, words)
    rows = await found(desk, "发票")
    assert [(row["sender"], row["words"]) for row in rows] == [("li", "发票发给我"), ("wang", "要发票")]


async def test_pages_of_hits_and_of_all_follow_each_other(desk: Desk) -> None:
    for n in range(7):
        desk.clock.advance(timedelta(minutes=1))
        await wrote(desk, f"s{n}", "请问几点开门")
    for q in ("", "开门"):
        seen: list[dict[str, Any]] = []
        while page := await found(desk, q, limit=3, cursor=seen[-1]["cursor"] if seen else ""):
            seen += page
        assert [row["sender"] for row in seen] == [f"s{n}" for n in reversed(range(7))], q
    for cursor in ("nothing", "nothing%00"):
        for q in ("", "开门"):
            await desk.refused(422, "GET", f"/talks?q={quote(q)}&cursor={cursor}", "supervisor")


async def test_filters_by_state_person_channel_date_rating_and_tag(desk: Desk) -> None:
    early = desk.clock.now()
    first = await served(desk, "li")
    desk.clock.advance(timedelta(hours=1))
    await wrote(desk, "wang", "转人工可以吗")
    await desk.change(Conversation, first, last_customer_at=early)
    async with desk.services.db.write() as uow:
        for session_no, score in ((1, 5), (2, 2)):
            uow.session.add(Rating(conversation_id=first, session_no=session_no, score=score, at=early))
        await uow.commit()
    assert await desk.ok("POST", f"/conversations/{first}/tags", name="回访") == ["回访"]
    late = (early + timedelta(minutes=30)).isoformat()
    for q in ("", "人工"):
        assert await senders(desk, q) == ["wang", "li"]
        for query in ({"state": "staff"}, {"staff": "agent"}, {"until": late}, {"rating": 2}, {"tag": "回访"}):
            assert await senders(desk, q, **query) == ["li"], query
        for query in ({"rating": 5}, {"channel": "web"}, {"tag": "回"}, {"staff": "agent2"}):
            assert await senders(desk, q, **query) == [], query
        assert await senders(desk, q, since=late, channel="rest") == ["wang"]
    row = (await found(desk, "人工", tag="回访"))[0]
    assert (row["rating"], row["tags"], row["staff_id"]) == (2, ["回访"], "agent")
    for query in ("state=asleep", "channel=fax", "rating=6", "since=2026-01-01"):
        await desk.refused(422, "GET", f"/talks?{query}", "supervisor")


async def test_tags_are_put_once_and_taken_off(desk: Desk) -> None:
    conversation_id = await desk.customer()
    for _ in range(2):
        assert await desk.ok("POST", f"/conversations/{conversation_id}/tags", name="回访") == ["回访"]
    assert await desk.ok("GET", "/tags") == [{"name": "回访", "count": 1}]
    assert await desk.ok("DELETE", f"/conversations/{conversation_id}/tags/{quote('回访')}") == []
    for n in range(10):
        await desk.ok("POST", f"/conversations/{conversation_id}/tags", name=f"标签{n}")
    error = await desk.refused(422, "POST", f"/conversations/{conversation_id}/tags", name="再一个")
    assert error["message"] == "一个会话最多 10 个标签，请先去掉不用的。"


async def test_what_a_mask_hides_is_not_found(desk: Desk) -> None:
    """Neither by words nor by who the customer is; who serves them, and a supervisor, finds both."""
    conversation_id = await served(desk, "li")
    await desk.customer("li", "我叫王小明，电话13812345678，要换货")
    customer = (await desk.row(Conversation, id=conversation_id)).customer_id
    await desk.change(Customer, customer, name="王小明", phone="13812345678", email="wxm@example.com")
    hidden = ("小明", "2345", "13812345678", "wxm@example.com")
    for q in hidden:
        assert await senders(desk, q, "agent") == ["li"], q
        assert await senders(desk, q, "supervisor") == ["li"], q
        assert await senders(desk, q, "agent2") == [], q
    (row,) = await found(desk, "要换货", "agent2")
    assert row["masked"]
    assert not [q for q in hidden if q in str(row)]


async def test_whoever_is_complained_of_finds_nothing_of_who_complains(desk: Desk) -> None:
    conversation_id = await served(desk, "li", "supervisor")
    await desk.customer("li", "电话13812345678，要投诉")
    staff = (await desk.ok("GET", "/me", "supervisor"))["name"]
    assert await senders(desk, "13812345678") == ["li"]
    await desk.turn(conversation_id, "open_ticket", complaint(staff_name=staff))
    assert await senders(desk, "13812345678") == []
    assert (await found(desk, "要投诉"))[0]["masked"]


async def test_what_is_erased_or_changed_leaves_the_index(desk: Desk) -> None:
    """However it is done: by a row, by a statement, or with the whole conversation."""
    for sender in ("li", "wang", "zhao"):
        await desk.customer(sender, "门把手松了")
    messages = {one.conversation_id: one.id for one in await desk.rows(Message, text="门把手松了")}
    first, second, third = messages.values()
    await desk.change(Message, first, text="不用了谢谢")
    assert len(await senders(desk, "把手")) == 2
    assert len(await senders(desk, "不用了")) == 1
    async with desk.services.db.write() as uow:
        await uow.session.execute(update(Message).where(Message.id == second).values(text=""))
        await uow.session.execute(delete(Message).where(Message.id == third))
        await uow.commit()
    assert await senders(desk, "把手") == []
    async with desk.services.db.read() as uow:
        assert (
            await uow.session.scalar(select(func.count()).where(search.has(uow.session, search.MESSAGES, "把手"))) == 0
        )


async def test_tickets_are_found_by_their_fields_through_the_index(desk: Desk) -> None:
    await desk.turn(await desk.customer(), "open_ticket", complaint(description="冰箱门关不严，漏冷气"))

    async def numbers(q: str) -> list[str]:
        return [row["number"] for row in await desk.ok("GET", f"/tickets?q={quote(q)}", "supervisor")]

    for q in ("漏冷气", "冷气", "关不严，漏", "气", "王小明"):
        assert len(await numbers(q)) == 1, q
    assert await numbers("制热") == []
    ticket = await desk.row(Ticket)
    await desk.change(Ticket, ticket.number, fields={**ticket.fields, "description": "不制热"})
    assert len(await numbers("制热")) == 1
    assert await numbers("冷气") == []


async def test_finding_reads_the_index_and_sorts_nothing(sqlite_desk: Desk) -> None:
    """SQLite walks the places of the words backwards and stops; nothing goes through the table of messages."""
    plan = await _plan(sqlite_desk, "EXPLAIN QUERY PLAN ")
    assert "SCAN messages_search VIRTUAL TABLE INDEX" in plan
    assert "SCAN messages\n" not in plan
    places, _, _ = plan.partition("SCAN places")
    assert "TEMP B-TREE" not in places  # of the places that were found only the newest are sorted


async def test_a_rare_word_is_looked_up_in_the_index_of_postgresql(postgres: Databases, template: Services) -> None:
    async with desk_on(postgres.fresh(), template) as desk:
        await _rare_word(desk)


async def _rare_word(desk: Desk) -> None:
    first = await desk.customer("li", "门把手松了")
    async with desk.services.db.write() as uow:
        await uow.session.execute(
            text(
                "INSERT INTO messages (id, conversation_id, session_no, seq, author, text, at) "
                "SELECT lpad(n::text, 32, '0'), :first, 1, n + 100, 'bot', '第' || n || '句话', now() "
                "FROM generate_series(1, 3000) AS n"
            ),
            {"first": first},
        )
        await uow.commit()
    plan = await _plan(desk, "EXPLAIN ")
    assert "ix_messages_search" in plan
    assert "Seq Scan on messages" not in plan


async def _plan(desk: Desk, explain: str) -> str:
    async with desk.services.db.read() as uow:
        query = search.through_index(uow.session, search.Asked("把手")).compile(
            uow.session.get_bind(), compile_kwargs={"literal_binds": True}
        )
        rows = await uow.session.execute(text(explain + str(query).replace(":", "\\:")))
        return "\n".join(str(row[-1]) for row in rows) + "\n"


async def test_an_erased_word_leaves_the_file_too(sqlite_desk: Desk) -> None:
    """A full-text index keeps what was taken out of it until its parts are merged."""
    desk = sqlite_desk
    first, *_ = [await desk.customer(f"s{n}", f"第{n}号紫檀木屏风") for n in range(20)]
    file = Path(desk.services.db.url.database or "")
    async with desk.services.db.write() as uow:
        await uow.session.execute(update(Message).where(Message.conversation_id != first).values(text=""))
        await uow.commit()
    await desk.services.db.forget()
    assert await senders(desk, "紫檀") == ["s0"]
    await desk.change(Message, (await desk.row(Message, conversation_id=first)).id, text="")
    await desk.services.db.forget()
    for kept in (file, file.with_name(f"{file.name}-wal")):
        assert "紫檀".encode() not in kept.read_bytes(), kept
