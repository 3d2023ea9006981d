"""Receivers of events, one by one; they stand together in company/webhooks.yml and have its versions."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import ValidationError

from helpdesk.company import Receiver
from helpdesk.company.shape import reason_of
from helpdesk.errors import InvalidInput, NotFound
from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.settings.editing import Edit, Setting, check_editor, find, publish

FILE = "webhooks.yml"


async def put(services: Services, name: str, values: dict[str, Any], by: Staff, seen: int | None) -> Setting:
    """A receiver as it is to be from now on, new or changed.

    Raises:
        NotAllowed. InvalidInput: naming the field that is wrong. Conflict: another version than the editor saw counts.
    """
    check_editor(by)
    receiver = _receiver(values)
    known = await _known(services)
    note = f"修改接收方 {name}" if name in known else f"添加接收方 {name}"
    return await publish(services, FILE, _text({**known, name: receiver}), Edit(by, note, seen))


async def remove(services: Services, name: str, by: Staff, seen: int | None) -> Setting:
    """It is told of nothing any more.

    Raises:
        NotAllowed, Conflict. NotFound: there is no such receiver.
    """
    check_editor(by)
    known = await _known(services)
    if name not in known:
        raise NotFound("receiver_not_found", name=name)
    left = {other: one for other, one in known.items() if other != name}
    return await publish(services, FILE, _text(left), Edit(by, f"删除接收方 {name}", seen))


async def show_secret(services: Services, name: str, by: Staff) -> Receiver:
    """The receiver whose secret is shown to an administrator; it is written down that it was.

    Raises:
        NotAllowed. NotFound: there is no such receiver.
    """
    check_editor(by)
    known = await _known(services)
    if name not in known:
        raise NotFound("receiver_not_found", name=name)
    async with services.db.write() as uow:
        audit.note(uow, audit.by_staff(by.id), "webhook_secret_shown", name, key_number=known[name].key_number)
        await uow.commit()
    return known[name]


async def _known(services: Services) -> dict[str, Receiver]:
    """As the newest version says, which another process may have published a moment ago."""
    told = yaml.safe_load((await find(services, FILE)).text) or {}
    return {name: Receiver.model_validate(values) for name, values in told.items()}


def _receiver(values: dict[str, Any]) -> Receiver:
    try:
        return Receiver.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise InvalidInput.at({field: reason_of(first["type"], first.get("ctx", {}))}) from error


def _text(receivers: dict[str, Receiver]) -> str:
    plain = {name: one.model_dump(mode="json") for name, one in receivers.items()}
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False) if plain else ""
