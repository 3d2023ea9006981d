"""Personal data: copied, erased without a trace, kept only as long as it says; on both databases."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import JSON, LargeBinary, String, Text, cast, inspect, select
from sqlalchemy.engine import make_url

from helpdesk.errors import InvalidInput
from helpdesk.model.personal import PRIVACY_NOTICE
from helpdesk.model.say import Say
from helpdesk.person_commands import person
from helpdesk.settings import Settings
from helpdesk.store import tables
from helpdesk.store.holdings import HOLDINGS, SWEPT
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import (
    Audit,
    Base,
    Consent,
    Conversation,
    Customer,
    Deletion,
    Draft,
    Message,
    Picture,
    QuestionGroup,
    Ticket,
    Unanswered,
    WebSession,
)
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.privacy import consents, deletions, list_file, retention
from tests.integration.desk.conftest import Desk, complaint

NAME, PHONE, MAIL = "欧阳锦瑟", "13987654321", "jinse.ouyang@example.com"
WORDS = "冰箱里的毛血旺全坏了"
CANARIES = (NAME, PHONE, "139 8765 4321", MAIL, WORDS)
EVERYWHERE = {
    "audit", "conversation_tags", "conversations", "customers", "drafts", "messages", "own_items", "phone_codes",
    "question_groups", "ticket_events", "tickets", "unanswered",
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"secret-picture-bytes"


@pytest.fixture
def desk(desk: Desk, tmp_path: Path) -> Desk:
    """With a folder of its own for the list of deletions."""
    desk.services.settings = Settings(**{**desk.services.settings.model_dump(), "var_dir": tmp_path})
    return desk


async def known_person(desk: Desk, sender: str = "ouyang") -> tuple[str, str]:
    """Somebody of whom there is something in every place; their conversation, and their data request."""
    talk = await desk.customer(sender, f"我是{NAME}，电话{PHONE}，{WORDS}")
    who: dict[str, Any] = {"name": NAME, "phone": PHONE}
    await desk.turn(talk, "open_ticket", complaint(**who, email=MAIL, description=f"{WORDS}，请回电 139 8765 4321"))
    complained = await desk.row(Ticket, kind="complaint", conversation_id=talk)
    await desk.ok("POST", f"/tickets/{complained.number}/notes", "supervisor", text=f"已和{NAME}（{PHONE}）通过话")
    await desk.set_dialogue(talk, "service_form", **who, description=WORDS)
    await _everywhere(desk, talk)
    result = await desk.turn(
        talk, "open_ticket", {"kind": "data_request", "fields": {"data_action": "delete", **who, "description": WORDS}}
    )
    return talk, result["number"]


async def _everywhere(desk: Desk, talk: str) -> None:
    now = desk.clock.now()
    await desk.turn(talk, "join_queue", {"reason": "customer_asked", "summary": f"{NAME} {PHONE}"})
    await desk.sign_in("agent")
    await desk.ok("POST", f"/conversations/{talk}/claim")
    await desk.ok("POST", f"/conversations/{talk}/notes", text=f"{NAME}说要打 {PHONE}")
    await desk.ok("POST", f"/conversations/{talk}/messages", text=f"{NAME}，您好，我记下了：{WORDS}")
    await desk.ok("POST", f"/conversations/{talk}/close")
    async with desk.services.db.write(now) as uow:
        conversation = await lock_conversation(uow.session, talk)
        await consents.note_told(desk.services, uow, conversation, [_notice(desk)])
        group = QuestionGroup(id="g", text=f"我叫{NAME}，{PHONE}，怎么退", first_at=now, last_at=now)
        uow.session.add(group)
        await uow.session.flush()
        draft = {"name": NAME, "phone": PHONE, "description": WORDS}
        uow.session.add(Picture(conversation_id=talk, content_type="image/png", content=PNG, at=now))
        uow.session.add(Unanswered(conversation_id=talk, group_id="g", text=f"{NAME}问{WORDS}", at=now))
        uow.session.add(
            Draft(
                conversation_id=talk, customer_id=conversation.customer_id, form="f", phone=PHONE, slots=draft, at=now
            )
        )
        merge = {"before": {"from": {"name": NAME, "phone": PHONE}}, "moved": {}, "reason": f"{NAME}来电核实"}
        uow.session.add(
            tables.CustomerMerge(into_id=conversation.customer_id, from_id="f", by="agent", at=now, **merge)
        )
        customer = await uow.session.get_one(tables.Customer, conversation.customer_id)
        customer.remark = WORDS
        uow.session.add(Audit(at=now, actor="system", action="seen", subject="attempts", detail={"text": f"{NAME}"}))
        for title, content in ((NAME, {"filters": {"q": PHONE}}), (PHONE, {"filters": {"q": "冰箱"}}), ("冰箱", {})):
            own = {"staff_id": "agent", "kind": "tickets", "title": title, "content": content, "at": now}
            uow.session.add(tables.OwnItem(**own))
        uow.session.add(tables.ConversationTag(conversation_id=talk, name=f"{NAME}的亲戚"[:20], by="agent", at=now))
        code = {"code_hash": "h", "tries": 0, "made_at": now, "expires_at": now}
        uow.session.add(tables.PhoneCode(conversation_id=talk, phone=PHONE, **code))
        complained = await uow.session.scalar(select(Ticket).where(Ticket.conversation_id == talk))
        followed = Picture(number=complained.number, content_type="image/png", content=PNG, at=now)
        uow.session.add(followed)
        await uow.session.flush()
        complained.fields = {**complained.fields, "evidence": [f"/pictures/{followed.id}"]}
        uow.session.add(tables.WeChatPermit(identity_id=conversation.identity_id, template_id="t", permits=1, at=now))
        await uow.commit()


def _notice(desk: Desk) -> Say:
    return Say("说明", custom={"kind": PRIVACY_NOTICE, "version": desk.services.company.privacy_version})


async def found_in_tables(desk: Desk, *words: str) -> set[str]:
    """table.column of every place that holds one of these words, as it is or as JSON escapes it."""
    ways = [way for word in words for way in (word, json.dumps(word)[1:-1])]
    found = set()
    async with desk.services.db.read() as uow:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, String | Text | JSON):
                    rows = (await uow.session.scalars(select(cast(column, Text)))).all()
                    found |= {f"{table.name}.{column.name}" for one in rows if any(way in str(one) for way in ways)}
    return found


def database_bytes(desk: Desk) -> bytes:
    path = Path(str(make_url(desk.services.settings.database_url).database))
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


async def erased(desk: Desk, number: str, **wish: Any) -> None:
    """Decided at the desk, and carried out when the notice is over."""
    made = await desk.ok(
        "POST", f"/tickets/{number}/person/deletion", "admin", typed=f"删除 {number}", end_open=True, **wish
    )
    assert made["state"] == "due"
    await deletions.run(desk.services, desk.clock.now())
    assert (await desk.row(Deletion)).state == "due", "not before the notice is over"
    desk.clock.advance(timedelta(minutes=desk.services.company.personal_data.deletion_notice_minutes))
    await deletions.run(desk.services, desk.clock.now())
    assert (await desk.row(Deletion)).state == "done"


async def test_a_deleted_person_is_in_no_table_file_or_index(desk: Desk) -> None:
    _, number = await known_person(desk)
    before = {place.split(".")[0] for place in await found_in_tables(desk, *CANARIES)}
    assert before >= EVERYWHERE, "the canaries are everywhere before"
    await erased(desk, number)
    assert await found_in_tables(desk, *CANARIES) == set()
    assert await desk.rows(Picture) == []
    assert await desk.rows(tables.WeChatPermit) == []
    assert [one.title for one in await desk.rows(tables.OwnItem)] == ["冰箱"], "what quotes nobody stays"
    if desk.services.db.is_sqlite:
        left = database_bytes(desk)
        ways = {way.encode() for word in CANARIES for way in (word, json.dumps(word)[1:-1])} | {PNG}
        assert {way for way in ways if way in left} == set()


async def test_what_has_to_be_kept_is_kept_without_its_customer(desk: Desk) -> None:
    talk, number = await known_person(desk)
    await erased(desk, number)
    assert (await desk.row(Ticket, kind="data_request")).status == "concluded"
    kept = await desk.row(Ticket, kind="complaint")
    assert kept.status == "withdrawn"
    assert kept.fields["order"] == "2026110812345"
    assert kept.fields["category"] == "quality"
    assert not {"name", "phone", "email", "description"} & set(kept.fields)
    messages = await desk.rows(Message, conversation_id=talk)
    assert messages
    assert all(one.text == "" for one in messages), "how often and when they wrote is no word of theirs"
    shown = await desk.ok("GET", f"/tickets/{kept.number}", "admin")
    assert {one["action"] for one in shown["timeline"]} >= {"registered", "withdraw", "anonymised"}


async def test_other_customers_lose_nothing(desk: Desk) -> None:
    other = await desk.customer("li", f"我也叫{NAME}，邻居的电话是{PHONE}")
    await desk.turn(other, "open_ticket", complaint(name=NAME, phone="13700001111"))
    _, number = await known_person(desk)
    await erased(desk, number)
    assert (await desk.row(Ticket, conversation_id=other)).fields["name"] == NAME
    [message, *_] = await desk.rows(Message, conversation_id=other, author="customer")
    assert PHONE in message.text


async def test_the_customer_may_come_back_as_somebody_new(desk: Desk) -> None:
    talk, number = await known_person(desk)
    await erased(desk, number)
    again = await desk.customer("ouyang", "您好")
    assert again != talk
    assert (await desk.row(Conversation, id=again)).session_no == 1


async def test_a_copy_holds_what_there_is_and_can_be_read(desk: Desk) -> None:
    talk, number = await known_person(desk)
    response = await desk.call("POST", f"/tickets/{number}/person/export", "admin")
    assert response.headers["content-type"] == "application/zip"
    archive = ZipFile(io.BytesIO(response.content))
    data, html = json.loads(archive.read("data.json")), archive.read("index.html").decode()
    assert data["customers"][0]["phone"] == PHONE
    assert {one["conversation_id"] for one in data["messages"]} == {talk}
    assert [one["phone"] for one in data["drafts"]] == [PHONE]
    assert data["consents"][0]["version"] in data["privacy_notices"]
    assert NAME in html
    assert WORDS in html
    assert desk.services.company.privacy_notice in html
    files = [name for name in archive.namelist() if name.startswith("pictures/")]
    assert [archive.read(one) for one in files] == [PNG, PNG]
    followed = (await desk.row(Picture, conversation_id=None)).id
    assert f'<img src="pictures/{followed}.png"' in html
    assert "staff:agent" not in json.dumps(data)
    assert len(await desk.rows(Audit, action="person_exported")) == 1


async def test_a_copy_shows_nobody_elses_data_and_runs_nothing(desk: Desk) -> None:
    await desk.customer("li", "别人的话")
    _, number = await known_person(desk)
    await receive(desk.services, Incoming("rest", "ouyang", "<script>alert(1)</script>"))
    archive = ZipFile(io.BytesIO((await desk.call("POST", f"/tickets/{number}/person/export", "admin")).content))
    content = archive.read("index.html").decode()
    assert "<script>" not in content
    assert "别人的话" not in content + archive.read("data.json").decode()


@pytest.mark.parametrize("staff_id", ["agent", "agent2", "supervisor"])
async def test_only_the_data_protection_head_and_administrators_see_or_delete(desk: Desk, staff_id: str) -> None:
    _, number = await known_person(desk)
    for method, path, body in _deeds(number):
        await desk.refused(403, method, path, staff_id, **body)
    assert await desk.rows(Deletion) == []


def _deeds(number: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "GET", f"/tickets/{number}/person", {}
    yield "POST", f"/tickets/{number}/person/export", {}
    yield "POST", f"/tickets/{number}/person/deletion", {"typed": f"删除 {number}"}
    yield "DELETE", f"/tickets/{number}/person/deletion", {}
    yield "GET", "/personal-data", {}


async def test_a_deletion_says_before_what_it_ends_and_takes_the_typed_words(desk: Desk) -> None:
    _, number = await known_person(desk)
    path = f"/tickets/{number}/person"
    seen = await desk.ok("GET", path, "admin")
    assert seen["wants"] == "delete"
    assert seen["counts"]["messages"] > 1
    assert seen["counts"]["pictures"] == 2
    [open_ticket] = seen["open_tickets"]
    error = await desk.refused(409, "POST", f"{path}/deletion", "admin", typed=seen["confirm"])
    assert open_ticket in error["message"]
    error = await desk.refused(422, "POST", f"{path}/deletion", "admin", typed="删除", end_open=True)
    assert error["details"]["field"] == "typed"
    await desk.ok("POST", f"{path}/deletion", "admin", typed=seen["confirm"], end_open=True)
    await desk.refused(409, "POST", f"{path}/deletion", "admin", typed=seen["confirm"], end_open=True)


async def test_the_customer_is_told_before_and_staff_can_call_it_off(desk: Desk) -> None:
    talk, number = await known_person(desk)
    path = f"/tickets/{number}/person/deletion"
    await desk.ok("POST", path, "admin", typed=f"删除 {number}", end_open=True)
    assert "个人信息删除告知" in (await desk.told(talk))[-1].text
    assert (await desk.ok("DELETE", path, "admin"))["state"] == "called_off"
    desk.clock.advance(timedelta(hours=3))
    await deletions.run(desk.services, desk.clock.now())
    assert NAME in (await desk.row(Customer, phone=PHONE)).name
    await desk.refused(409, "DELETE", path, "admin")


async def test_nothing_is_deleted_that_was_not_asked_for(desk: Desk) -> None:
    talk = await desk.customer()
    fields = {"data_action": "access", "name": NAME, "phone": PHONE}
    number = (await desk.turn(talk, "open_ticket", {"kind": "data_request", "fields": fields}))["number"]
    await desk.refused(409, "POST", f"/tickets/{number}/person/deletion", "admin", typed=f"删除 {number}")
    other = (await desk.turn(talk, "open_ticket", complaint()))["number"]
    await desk.refused(422, "GET", f"/tickets/{other}/person", "admin")


async def test_who_gives_anothers_number_gets_and_deletes_nothing_of_theirs(desk: Desk) -> None:
    victim, _ = await known_person(desk)
    thief = await desk.customer("thief")
    fields = {"data_action": "delete", "name": NAME, "phone": PHONE}
    number = (await desk.turn(thief, "open_ticket", {"kind": "data_request", "fields": fields}))["number"]
    archive = ZipFile(io.BytesIO((await desk.call("POST", f"/tickets/{number}/person/export", "admin")).content))
    assert WORDS not in archive.read("data.json").decode()
    [other] = (await desk.ok("GET", f"/tickets/{number}/person", "admin"))["others"]
    assert other["phone"] == "139****4321"
    export = f"/tickets/{number}/person/export"
    error = await desk.refused(422, "POST", export, "admin", others=[other["id"]])
    assert error["details"]["field"] == "proof"
    await erased(desk, number)
    assert any(WORDS in one.text for one in await desk.rows(Message, conversation_id=victim))


async def test_the_same_person_on_two_channels_goes_altogether_when_it_is_proved(desk: Desk) -> None:
    await known_person(desk)
    phone = await desk.customer("ouyang-web", f"{NAME}在另一个渠道")
    fields = {"data_action": "delete", "name": NAME, "phone": PHONE}
    number = (await desk.turn(phone, "open_ticket", {"kind": "data_request", "fields": fields}))["number"]
    [other] = (await desk.ok("GET", f"/tickets/{number}/person", "admin"))["others"]
    await erased(desk, number, others=[other["id"]], proof="回拨登记电话，本人确认")
    assert await found_in_tables(desk, *CANARIES) == set()


async def test_a_deletion_waits_for_whoever_is_being_served(desk: Desk) -> None:
    talk, number = await known_person(desk)
    await desk.ok("POST", f"/tickets/{number}/person/deletion", "admin", typed=f"删除 {number}", end_open=True)
    await desk.change(Conversation, talk, state="bot")
    await desk.waiting("ouyang")
    desk.clock.advance(timedelta(hours=2))
    await deletions.run(desk.services, desk.clock.now())
    assert (await desk.row(Deletion)).state == "due"
    await desk.sign_in("agent")
    await desk.ok("POST", f"/conversations/{talk}/claim")
    await desk.ok("POST", f"/conversations/{talk}/close")
    await deletions.run(desk.services, desk.clock.now())
    assert (await desk.row(Deletion)).state == "done"


async def test_after_an_older_backup_whoever_was_deleted_is_deleted_again(desk: Desk) -> None:
    _, number = await known_person(desk)
    await erased(desk, number)
    made = await desk.row(Deletion)
    customer = made.customer_ids[0]
    await desk.change(Customer, customer, name=NAME, phone=PHONE)  # as in a backup from before
    async with desk.services.db.write() as uow:
        await uow.session.delete(await uow.session.get_one(Deletion, made.id))
        await uow.commit()
    assert await deletions.apply_deletions(desk.services) == 1
    assert await found_in_tables(desk, NAME, PHONE) == set()
    assert await deletions.apply_deletions(desk.services) == 0
    listed = list_file.path_of(desk.services.settings).read_text()
    assert not any(word in listed or json.dumps(word)[1:-1] in listed for word in CANARIES)


async def test_a_line_of_the_list_that_was_cut_off_keeps_none_of_the_others_back(desk: Desk) -> None:
    _, number = await known_person(desk)
    await erased(desk, number)
    path = list_file.path_of(desk.services.settings)
    path.write_text(path.read_text() + '{"id": "abc", "numb')
    assert [one.number for one in list_file.read(path)] == [number]


async def test_what_was_kept_long_enough_goes_by_itself(desk: Desk) -> None:
    talk, _ = await known_person(desk)
    for ticket in await desk.rows(Ticket):
        await desk.change(Ticket, ticket.number, status="concluded", closed_at=desk.clock.now())
    keep = desk.services.company.personal_data.keep
    desk.clock.advance(timedelta(days=keep.drafts + 1))
    await retention.forget_old(desk.services, desk.clock.now())
    assert await desk.rows(Draft) == []
    assert any(WORDS in one.text for one in await desk.rows(Message, conversation_id=talk))
    assert len(await desk.rows(Picture)) == 2
    desk.clock.advance(timedelta(days=keep.longest))
    await desk.customer("zhao", f"{WORDS}也是别人说的话")
    await retention.run(desk.services, desk.clock.now())
    left = await found_in_tables(desk, NAME, PHONE, MAIL)
    assert {place for place in left if not place.startswith("own_items.")} == set(), "what colleagues keep is theirs"
    texts = {one.text for one in await desk.rows(Message)} - {""}
    assert texts == {f"{WORDS}也是别人说的话"}, "what is not old yet stays"


async def test_an_open_ticket_keeps_what_belongs_to_it(desk: Desk) -> None:
    talk, _ = await known_person(desk)
    desk.clock.advance(timedelta(days=desk.services.company.personal_data.keep.longest + 1))
    await retention.forget_old(desk.services, desk.clock.now())
    assert any(WORDS in one.text for one in await desk.rows(Message, conversation_id=talk))
    assert len(await desk.rows(Picture)) == 2
    assert (await desk.row(Ticket, kind="complaint")).fields["name"] == NAME


async def test_the_notice_that_was_told_is_kept_with_its_words_once(desk: Desk) -> None:
    talk = await desk.customer()
    for _ in range(2):
        async with desk.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, talk)
            await consents.note_told(desk.services, uow, conversation, [Say("您好"), _notice(desk)])
            await uow.commit()
    consent = await desk.row(Consent)
    assert consent.version == desk.services.company.privacy_version
    assert consent.withdrawn_at is None


async def test_a_browser_that_is_known_again_is_forgotten(sqlite_desk: Desk, tmp_path: Path) -> None:
    desk = sqlite_desk
    desk.services.settings = Settings(**{**desk.services.settings.model_dump(), "var_dir": tmp_path})
    now = desk.clock.now()
    talk = (await receive(desk.services, Incoming("web", "a" * 32, "您好"))).conversation_id
    async with desk.services.db.write() as uow:
        uow.session.add(WebSession(token_hash="t", sender="a" * 32, created_at=now, expires_at=now))
        await uow.commit()
    fields = {"data_action": "delete", "name": NAME, "phone": PHONE}
    number = (await desk.turn(talk, "open_ticket", {"kind": "data_request", "fields": fields}))["number"]
    await erased(desk, number)
    assert await desk.rows(WebSession) == []
    assert await found_in_tables(desk, "a" * 32) == set()


# ---------------------------------------------------------------- at the machine


async def test_the_operator_copies_and_deletes_by_command(
    sqlite_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = sqlite_desk
    desk.services.settings = Settings(**{**desk.services.settings.model_dump(), "var_dir": tmp_path})
    _, number = await known_person(desk)

    async def told(*arguments: str) -> str:
        await asyncio.to_thread(person, desk.services.settings, arguments)
        return capsys.readouterr().out

    assert "messages" in await told("show", number)
    file = tmp_path / "copy.zip"
    await told("export", number, "--to", str(file))
    assert PHONE in ZipFile(file).read("data.json").decode()
    with pytest.raises(InvalidInput, match="deletion_words"):
        await told("delete", number, "--confirm", "yes", "--end-open")
    assert "will be erased" in await told("delete", number, "--confirm", f"删除 {number}", "--end-open")
    assert "nothing is deleted" in await told("keep", number)
    assert "erased: " in await told("delete", number, "--confirm", f"删除 {number}", "--end-open", "--now")
    assert await found_in_tables(desk, *CANARIES) == set()
    assert "applied again: 0" in await told("apply-deletions")


# ---------------------------------------------------------------- the list of what is held


NOBODYS = {
    tables.Counter, tables.ChannelToken, tables.Staff, tables.StaffSession, tables.StaffInvitation, tables.ApiKey,
    tables.ArticleVersion, tables.Once, tables.SeenNonce, tables.PrivacyText, tables.Deletion, tables.DeskSeat,
    tables.SettingVersion, tables.Delivery, tables.ReportDay, tables.ReportCell,
}  # fmt: skip
"""Tables that hold nothing of customers."""


def test_every_table_says_what_it_holds_of_customers() -> None:
    listed = {one.table for one in HOLDINGS} | set(SWEPT) | NOBODYS
    mapped = {mapper.class_ for mapper in Base.registry.mappers}
    assert mapped == listed, (
        "say in helpdesk/store/holdings.py (or NOBODYS above) what it holds of customers, and of whom"
    )


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda one: one.name)
def test_every_column_with_words_is_exported_and_erased_or_said_to_be_plain(holding: Any) -> None:
    columns = inspect(holding.table).columns
    told = {
        name
        for name, column in columns.items()
        if isinstance(column.type, String | Text | JSON | LargeBinary)
        and not column.primary_key
        and not column.foreign_keys
    }
    owners = set(holding.by.values())
    said = set(holding.words) | set(holding.plain) | owners
    assert told <= said, "it is either words (erased) or plain"
    assert said <= set(columns.keys())
