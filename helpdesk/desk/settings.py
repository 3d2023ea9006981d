"""设置: opening hours, holidays, limits, ready replies, messages and letters, edited by administrators in versions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import Clean, Given, Who
from helpdesk.usecases.settings import editing
from helpdesk.usecases.settings.editing import Setting

router = APIRouter(prefix="/settings", tags=["settings"])

LONGEST = 20_000

Name = Annotated[str, Query(max_length=80, pattern=r"^[a-z_]+(/[a-z_]+)?\.yml$")]
Values = dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=LONGEST)]]


class SettingEdit(BaseModel):
    """Values in YAML by their keys; keys that are left out stay. `version`: the one the editor saw."""

    values: Values = Field(max_length=200)
    version: int | None = None
    note: Clean | None = Field(None, max_length=500)


class SettingTrial(BaseModel):
    """Values to be looked at."""

    values: Values = Field(max_length=200)


class SettingRollback(BaseModel):
    """Which version is to count again; 0 is the shipped file."""

    version: int = Field(ge=0, le=2**31 - 1)


class EntryView(views.View):
    """A key of a file: its value in YAML, and what the file remarks on it."""

    key: str
    value: str
    remark: str


class SettingRow(views.View):
    """A file in the list; version 0 is as it was shipped."""

    name: str
    title: str
    version: int
    written_by: str | None
    written_at: datetime | None


class SettingView(SettingRow):
    """The same with its keys."""

    entries: list[EntryView]


class SettingVersionView(views.View):
    """A version: who wrote it, when and why."""

    version: int
    state: str
    written_by: str
    written_at: datetime
    note: str | None


class SpokenView(views.View):
    """A wording as it would read; fields that a letter is given stand in 〔〕."""

    key: str
    text: str


@router.get("")
async def every(services: Given, who: Who) -> list[SettingRow]:
    """All files that can be edited."""
    editing.check_editor(who.staff)
    return [SettingRow(**_row(one)) for one in await editing.every(services)]


@router.get("/file")
async def one(name: Name, services: Given, who: Who) -> SettingView:
    """A file, key by key."""
    editing.check_editor(who.staff)
    return _view(await editing.find(services, name))


@router.put("/file")
async def put(name: Name, body: SettingEdit, services: Given, who: Who) -> SettingView:
    """Let these values count from now on, in every process."""
    edit = editing.Edit(who.staff, body.note or None, body.version)
    return _view(await editing.put(services, name, body.values, edit))


@router.post("/file/preview")
async def preview(name: Name, body: SettingTrial, services: Given, who: Who) -> list[SpokenView]:
    """Check these values, and show messages or a letter as they would read; nothing changes."""
    editing.check_editor(who.staff)
    return [SpokenView(key=key, text=text) for key, text in await editing.preview(services, name, body.values)]


@router.get("/file/versions")
async def versions(name: Name, services: Given, who: Who) -> list[SettingVersionView]:
    """What was published, the newest first; before all stands the shipped file, version 0."""
    editing.check_editor(who.staff)
    return [
        SettingVersionView(
            version=row.version, state=row.state, written_by=row.written_by, written_at=row.written_at, note=row.note
        )
        for row in await editing.history(services, name)
    ]


@router.post("/file/rollback")
async def roll_back(name: Name, body: SettingRollback, services: Given, who: Who) -> SettingView:
    """Let an earlier version count again."""
    return _view(await editing.roll_back(services, name, body.version, who.staff))


def _row(setting: Setting) -> dict[str, object]:
    live = setting.live
    return {
        "name": setting.name,
        "title": setting.title,
        "version": setting.version,
        "written_by": live.written_by if live else None,
        "written_at": live.written_at if live else None,
    }


def _view(setting: Setting) -> SettingView:
    entries = [EntryView(key=one.key, value=one.value, remark=one.remark) for one in setting.entries]
    return SettingView(**_row(setting), entries=entries)
