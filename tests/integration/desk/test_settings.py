"""设置: edited at the desk, checked as a whole, in versions, seen by every process, and wrong at a field."""

from __future__ import annotations

import re
from copy import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.services import Services
from helpdesk.store.tables import Audit, SettingVersion
from helpdesk.usecases.journal.numbers import next_count
from helpdesk.usecases.settings import adopt
from helpdesk.usecases.settings.editing import export_settings
from helpdesk.usecases.settings.entries import entries_of, text_of
from tests.integration.desk.conftest import Desk

HOURS = "/settings/file?name=opening_hours.yml"
LIMITS = "/settings/file?name=limits.yml"
LETTER = "/settings/file?name=letters/satisfied.yml"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its services are its own: a setting counts for no other test."""
    desk.services.bus = copy(desk.services.bus)
    desk.services.knowledge = copy(desk.services.knowledge)
    return desk


HI = {"greeting": "hi: {title: 好, text: 您好。}"}


def values_of(shown: Any) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in shown["entries"]}


async def test_a_setting_counts_at_once_and_is_rolled_back(desk: Desk) -> None:
    before = await desk.ok("GET", LIMITS, "admin")
    assert values_of(before)["appeal_days"] == "10"
    assert before["version"] == 0
    after = await desk.ok("PUT", LIMITS, "admin", values={"appeal_days": "15"}, version=0, note="放宽")
    assert (after["version"], values_of(after)["appeal_days"]) == (1, "15")
    assert desk.services.company.limits.appeal_days == 15
    assert "15 天" in desk.services.wording.render("letter_appeal")
    [version] = await desk.ok("GET", "/settings/file/versions?name=limits.yml", "admin")
    assert (version["written_by"], version["note"]) == ("admin", "放宽")
    back = await desk.ok("POST", "/settings/file/rollback?name=limits.yml", "admin", version=0)
    assert (back["version"], desk.services.company.limits.appeal_days) == (2, 10)
    assert {one.subject for one in await desk.rows(Audit, action="setting_published")} == {"limits.yml"}


async def test_opening_hours_hold_for_the_calendar_and_for_answers(desk: Desk) -> None:
    week = "\n".join(f"{day}: [9:00-11:00, 14:00-18:00]" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    await desk.ok("PUT", HOURS, "admin", values={"weekly": week, "text": "每天 9:00-11:00、14:00-18:00"})
    assert [str(one) for one in desk.services.calendar.hours.on_weekday(0)] == ["09:00-11:00", "14:00-18:00"]
    assert "14:00-18:00" in desk.services.knowledge.article("service.hours").answer


@pytest.mark.parametrize(
    "path, values, field",
    [
        (LIMITS, {"appeal_days": "many"}, "appeal_days"),
        (LIMITS, {"appeal_days": "0"}, "appeal_days"),
        (LIMITS, {"no_such_limit": "1"}, "no_such_limit"),
        (LIMITS, {"quiet_from": "["}, "quiet_from"),
        (HOURS, {"weekly": "mon: [9-21]"}, "weekly"),
        ("/settings/file?name=canned.yml", {"greeting": "hello: {title: 问候}"}, "greeting"),
        ("/settings/file?name=messages/closing.yml", {"farewell": "再见，{nobody}"}, "farewell"),
        ("/settings/file?name=messages/closing.yml", {"farewell": "我不知道"}, "farewell"),
        (LETTER, {"body": "{hello"}, "letter_satisfied"),
    ],
)
async def test_a_mistake_is_said_at_its_field_and_nothing_changes(
    sqlite_desk: Desk, path: str, values: dict[str, str], field: str
) -> None:
    before = sqlite_desk.services.company
    error = await sqlite_desk.refused(422, "PUT", path, "admin", values=values)
    assert error["details"]["field"] in {field, "body"}
    assert re.search(r"[\u4e00-\u9fff]", error["message"].removeprefix(f"{error['details']['key']}：")), error
    assert await sqlite_desk.rows(SettingVersion) == []
    assert sqlite_desk.services.company is before


async def test_of_two_editors_the_second_is_told(desk: Desk) -> None:
    await desk.ok("PUT", LIMITS, "admin", values={"appeal_days": "15"}, version=0)
    error = await desk.refused(409, "PUT", LIMITS, "admin", values={"appeal_days": "12"}, version=0)
    assert error["details"]["version"] == 1


async def test_another_process_goes_by_it_too(desk: Desk) -> None:
    other = Services(**vars(desk.services))
    await desk.ok("PUT", LIMITS, "admin", values={"appeal_days": "15"})
    assert other.company.limits.appeal_days == 10
    await adopt.catch_up(other)
    assert other.company.limits.appeal_days == 15
    assert other.settings_revision == desk.services.settings_revision


async def test_words_edited_before_an_upgrade_show_what_came_with_it_ready_to_be_edited(desk: Desk) -> None:
    services, content = desk.services, "farewell: 再见，愿您一切顺利。"
    async with services.db.write() as uow:
        await next_count(services, uow, adopt.REVISION)
        row = SettingVersion(
            name="messages/closing.yml", version=1, state=adopt.LIVE, content=content, written_by="admin"
        )
        row.written_at = uow.now
        uow.session.add(row)
        await uow.commit()
    await adopt.catch_up(services)
    assert services.wording.render("farewell") == "再见，愿您一切顺利。"
    assert "{number}" in services.wording.variants("farewell_open_ticket")[0]
    assert "farewell_open_ticket" in services.wording.lent
    shown = values_of(await desk.ok("GET", "/settings/file?name=messages/closing.yml", "admin"))
    assert shown["farewell"].strip() == "再见，愿您一切顺利。"
    assert "farewell_open_ticket" in shown
    await desk.ok("PUT", "/settings/file?name=messages/closing.yml", "admin", values={"farewell": "再会。"}, version=1)
    assert services.wording.render("farewell") == "再会。"
    assert services.wording.lent == frozenset()


async def test_a_letter_is_seen_before_it_is_published(desk: Desk) -> None:
    body = "- “{hello}。登记号 {number}（{kind}）办结了，谢谢您。”"
    shown = await desk.ok("POST", LETTER.replace("file?", "file/preview?"), "admin", values={"body": body})
    assert {"key": "letter_satisfied", "text": "“〔hello〕。登记号 〔number〕（〔kind〕）办结了，谢谢您。”"} in shown
    assert await desk.rows(SettingVersion) == []


async def test_ready_replies_are_edited_too(desk: Desk) -> None:
    await desk.ok(
        "PUT", "/settings/file?name=canned.yml", "admin", values={"greeting": "hi: {title: 好, text: 您好。}"}
    )
    replies = await desk.ok("GET", "/canned")
    assert [one["text"] for one in replies if one["group"] == "greeting"] == ["您好。"]


@pytest.mark.parametrize("staff_id", ["agent", "supervisor"])
async def test_only_administrators_edit_settings(sqlite_desk: Desk, staff_id: str) -> None:
    for method, path, body in (
        ("GET", "/settings", {}),
        ("GET", LIMITS, {}),
        ("PUT", LIMITS, {"values": {"appeal_days": "15"}}),
        ("POST", "/settings/file/rollback?name=limits.yml", {"version": 0}),
    ):
        await sqlite_desk.refused(403, method, path, staff_id, **body)


@pytest.mark.parametrize("name", ["roster.yml", "letters/nothing.yml", "sayings.yml"])
async def test_nothing_else_of_the_company_can_be_written(sqlite_desk: Desk, name: str) -> None:
    await sqlite_desk.refused(404, "PUT", f"/settings/file?name={name}", "admin", values={"a": "1"})


async def test_what_was_edited_is_exported_as_files(desk: Desk, tmp_path: Path) -> None:
    await desk.ok("PUT", LIMITS, "admin", values={"appeal_days": "15"})
    assert await export_settings(desk.services.db, tmp_path) == ["limits.yml"]
    text = (tmp_path / "limits.yml").read_text("utf-8")
    assert "appeal_days: 15" in text
    assert "# 申诉期（天）：从客户收到处理结果起算" in text


def test_every_file_is_taken_apart_and_put_together_again() -> None:
    root = Path(__file__).resolve().parents[3] / "company"
    files = [root / "limits.yml", root / "opening_hours.yml", root / "holidays.yml", root / "canned.yml"]
    for file in (*files, *root.glob("messages/*.yml"), *root.glob("letters/*.yml")):
        text = file.read_text("utf-8")
        entries = entries_of(text)
        again = text_of({entry.key: entry.value for entry in entries}, entries)
        assert yaml.safe_load(again) == yaml.safe_load(text), file
        assert [(one.key, one.value) for one in entries_of(again)] == [(one.key, one.value) for one in entries]
