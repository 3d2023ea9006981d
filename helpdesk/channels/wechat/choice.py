"""What a customer means by a number, a title or a click: the button of a menu that was really shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.channels.wechat.menu import chosen
from helpdesk.channels.wechat.render import choices, last_offer
from helpdesk.model.conversation import Author
from helpdesk.store.queries import with_choices
from helpdesk.store.tables import Message, Outbox

LOOK_BACK = 20  # bubbles; older menus are out of sight


async def meant(session: AsyncSession, conversation_id: str, text: str, clicked: str) -> str:
    """The payload that `text` or the id of a clicked line stands for; else the text itself."""
    offered = [button for message in await with_choices(session, conversation_id) for button in message.buttons or ()]
    if clicked and any(button["payload"] == clicked for button in offered):
        return clicked
    shown = await _shown(session, conversation_id)
    menu = [button for message in last_offer(shown) for button in choices(message)]
    picked = None if _asks_since(shown) and text.strip().isnumeric() else chosen(text, menu)
    return picked or _titled(text, offered) or text


async def _shown(session: AsyncSession, conversation_id: str) -> list[Message]:
    """The last bubbles that were handed to WeChat, oldest first."""
    query = (
        select(Message)
        .join(Outbox, Outbox.message_id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.author != Author.CUSTOMER, Outbox.via.is_not(None))
        .order_by(Message.seq.desc())
        .limit(LOOK_BACK)
    )
    return list(reversed((await session.scalars(query)).all()))


def _asks_since(shown: Sequence[Message]) -> bool:
    """Whether a form's question without choices came after the last menu: a bare number answers that."""
    last = shown[-1] if shown else None
    return last is not None and not last.buttons and (last.custom or {}).get("kind") == "form"


def _titled(text: str, offered: Sequence[dict[str, Any]]) -> str | None:
    return next((str(button["payload"]) for button in offered if button["title"] == text.strip()), None)
