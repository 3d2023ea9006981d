"""Opening hours, holidays, ready replies, messages, letters and limits, edited at the desk: checked as a whole before
they count, kept in versions, and rolled back. The shipped file is version 0 and is never written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.company import CompanyFileError, parse_yaml
from helpdesk.errors import Conflict, InvalidInput, NotFound, Reason
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.database import Database
from helpdesk.store.tables import SettingVersion, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.courtesy import blocking, forbidden
from helpdesk.usecases.journal.numbers import next_count
from helpdesk.usecases.people.rights import require_in_house
from helpdesk.usecases.settings.adopt import LIVE, REVISION, Edition, adopt, build, published
from helpdesk.usecases.settings.entries import Entry, entries_of, text_of
from helpdesk.usecases.settings.refusals import reason_for
from helpdesk.wording import field_names

FILES = (
    "opening_hours.yml",
    "holidays.yml",
    "limits.yml",
    "assignment.yml",
    "customer_files.yml",
    "canned.yml",
    "webhooks.yml",
)
FOLDERS = ("messages", "letters")
REPLACED = "replaced"
SHIPPED = 0


@dataclass(frozen=True)
class Setting:
    """A file as the desk sees it. `live` None: as it was shipped."""

    name: str
    title: str
    text: str
    live: SettingVersion | None

    @property
    def version(self) -> int:
        return self.live.version if self.live else SHIPPED

    shipped: str = ""

    @property
    def entries(self) -> Sequence[Entry]:
        """Key by key; of words also those that came with an upgrade and that the edited file lacks."""
        found = entries_of(self.text)
        if not self.name.startswith(FOLDERS):
            return found
        there = {entry.key for entry in found}
        return [*found, *(entry for entry in entries_of(self.shipped or self.text) if entry.key not in there)]


def names(services: Services) -> list[str]:
    """Every file that can be edited."""
    return [*FILES, *(name for folder in FOLDERS for name in services.company.names_in(folder))]


def check_editor(by: Staff) -> None:
    """Refuse whoever may not.

    Raises:
        NotAllowed.
    """
    require_in_house(by, Deed.EDIT_SETTINGS)


async def every(services: Services) -> list[Setting]:
    """All of them, in their order."""
    async with services.db.read() as uow:
        query = select(SettingVersion).where(SettingVersion.state == LIVE)
        live = {row.name: row for row in (await uow.session.scalars(query)).all()}
    return [_setting(services, name, live.get(name)) for name in names(services)]


async def find(services: Services, name: str) -> Setting:
    """One of them.

    Raises:
        NotFound: it is none that can be edited.
    """
    async with services.db.read() as uow:
        return _setting(services, _known(services, name), await _live(uow.session, name))


async def history(services: Services, name: str) -> Sequence[SettingVersion]:
    """Its versions, the newest first; the shipped file is not among them.

    Raises:
        NotFound.
    """
    query = select(SettingVersion).where(SettingVersion.name == _known(services, name))
    async with services.db.read() as uow:
        return (await uow.session.scalars(query.order_by(SettingVersion.version.desc()))).all()


def _known(services: Services, name: str) -> str:
    if name not in names(services):
        raise NotFound("setting_not_found", name=name)
    return name


async def _live(session: AsyncSession, name: str) -> SettingVersion | None:
    query = select(SettingVersion).where(SettingVersion.name == name, SettingVersion.state == LIVE)
    return await session.scalar(query)


def _setting(services: Services, name: str, live: SettingVersion | None) -> Setting:
    shipped = _shipped(services, name)
    title = shipped.splitlines()[0].lstrip("# ") if shipped.startswith("#") else name
    return Setting(name, title, live.content if live else shipped, live, shipped)


def _shipped(services: Services, name: str) -> str:
    return (services.settings.company_dir / name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- publishing


@dataclass(frozen=True)
class Edit:
    """Who publishes, why, and the version they saw; None: they did not look."""

    by: Staff
    note: str | None = None
    seen: int | None = None


async def put(
    services: Services,
    name: str,
    values: Mapping[str, str],
    edit: Edit,
) -> Setting:
    """Let these values count from now on: YAML by the key of the first level.

    Raises:
        NotAllowed, NotFound. InvalidInput: naming the key that is wrong; nothing changed. Conflict: another version
        than the editor saw counts by now.
    """
    check_editor(edit.by)
    return await publish(services, name, await text_with(services, name, values), edit)


async def text_with(services: Services, name: str, values: Mapping[str, str]) -> str:
    """The whole file with these values in the place of those that count.

    Raises:
        NotFound. InvalidInput: a value is no YAML by itself.
    """
    found = await find(services, name)
    for key, value in values.items():
        _check_value(services.settings.company_dir / name, key, value)
    return text_of({**{entry.key: entry.value for entry in found.entries}, **values}, found.entries)


def _check_value(path: Path, key: str, value: str) -> None:
    try:
        parse_yaml(path, value)
    except CompanyFileError as problem:
        raise _refusal(path.name, key, reason_for(problem)) from problem


async def roll_back(services: Services, name: str, version: int, by: Staff) -> Setting:
    """Let an earlier version count again, as a new one; 0 is the shipped file.

    Raises:
        NotAllowed, InvalidInput. NotFound: there is no such version.
    """
    check_editor(by)
    old = {row.version: row.content for row in await history(services, name)}
    old[SHIPPED] = _shipped(services, name)
    if version not in old:
        raise NotFound("version_not_found", name=name, version=version)
    return await publish(services, name, old[version], Edit(by, f"恢复到版本 {version}"))


async def checked(services: Services, name: str, text: str) -> Edition:
    """Everything with this text in its place.

    Raises:
        InvalidInput: naming the file and the key that is wrong.
    """
    async with services.db.read() as uow:
        revision, edits = await published(uow.session)
    try:
        edition = await asyncio.to_thread(build, services, revision + 1, {**edits, name: text})
    except CompanyFileError as problem:
        raise _refusal(name, problem.key, reason_for(problem)) from problem
    _check_wording(services, name, edition)
    return edition


def _check_wording(services: Services, name: str, edition: Edition) -> None:
    """A wording that the program says stays there, names no field it is not given, and is courteous."""
    for key in sorted(services.wording.keys - edition.wording.keys):
        raise _refusal(name, key, Reason("setting_needed"))
    for key in sorted(edition.wording.keys):
        now = edition.wording.variants(key)
        before = services.wording.variants(key) if key in services.wording.keys else ()
        if now == before:
            continue
        allowed = {field for text in before for field in field_names(text)} | set(edition.wording.everywhere)
        unknown = sorted({field for text in now for field in field_names(text)} - allowed)
        if unknown:
            raise _refusal(name, key, Reason("no_such_field", fields=unknown))
        for text in now:
            for found in blocking(forbidden(services, text)):
                raise _refusal(name, key, Reason("setting_forbidden", text=found.text, instead=found.suggestion))


def _refusal(name: str, key: str, problem: Reason) -> InvalidInput:
    first = key.split(".", 1)[0]
    told = Reason("setting_refused", key=key, problem=problem)
    return InvalidInput(told.key, field=first, file=name, **told.fills, reasons={first: told})


async def publish(services: Services, name: str, text: str, edit: Edit) -> Setting:
    """Let a whole file count from now on; whoever calls has asked whether they may.

    Raises:
        NotFound, InvalidInput, Conflict: as `put`.
    """
    edition = await checked(services, _known(services, name), text)
    async with services.db.write() as uow:
        if await next_count(services, uow, REVISION) != edition.revision:
            raise Conflict("settings_busy")
        live = await _live(uow.session, name)
        version = live.version if live else SHIPPED
        if edit.seen is not None and edit.seen != version:
            raise Conflict("setting_changed", version=version)
        last = await uow.session.scalar(select(func.max(SettingVersion.version)).where(SettingVersion.name == name))
        replaced = update(SettingVersion).where(SettingVersion.name == name, SettingVersion.state == LIVE)
        await uow.session.execute(replaced.values(state=REPLACED), execution_options={"synchronize_session": False})
        row = SettingVersion(
            name=name,
            version=(last or 0) + 1,
            state=LIVE,
            content=text,
            note=edit.note,
            written_by=edit.by.id,
            written_at=uow.now,
        )
        uow.session.add(row)
        audit.note(uow, audit.by_staff(edit.by.id), "setting_published", name, version=row.version)
        await uow.commit()
    adopt(services, edition)
    return _setting(services, name, row)


# ---------------------------------------------------------------- seen before, taken along


async def preview(services: Services, name: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every wording of a file of messages or letters as it would read, fields filled with examples.

    Raises:
        NotFound, InvalidInput: as `put`.
    """
    text = await text_with(services, name, values)
    edition = await checked(services, name, text)
    keys = _keys_of(name, edition, text)
    return [(key, _shown(edition, text)) for key in keys for text in edition.wording.variants(key)]


def _keys_of(name: str, edition: Edition, text: str) -> list[str]:
    folder, _, file = name.partition("/")
    if folder == "messages":
        content: dict[str, Any] = parse_yaml(Path(name), text) or {}
        return [key for key in content if key in edition.wording.keys]
    stem = file.removesuffix(".yml")
    begins = (f"letter_title_{stem}", f"letter_{stem}")
    return sorted(key for key in edition.wording.keys if key.startswith(begins)) if folder == "letters" else []


def _shown(edition: Edition, text: str) -> str:
    fields = {name: f"〔{name}〕" for name in field_names(text)}
    return text.format_map({**fields, **edition.wording.everywhere})


async def export_settings(database: Database, folder: Path) -> list[str]:
    """Write what was edited at the desk as files under `folder`; their names."""
    async with database.read() as uow:
        _, edits = await published(uow.session)
    for name, text in sorted(edits.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return sorted(edits)
