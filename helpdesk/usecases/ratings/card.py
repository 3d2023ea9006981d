"""A rating that comes with words: the web chat's card sends both at once."""

from __future__ import annotations

from typing import Any

from helpdesk.errors import InvalidInput
from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.usecases.conversations.receive import as_stored
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.ratings import scores

COMMENT_LIMIT = 500  # characters


async def rate(services: Services, conversation_id: str, score: Any, comment: Any) -> None:
    """Record what the customer thought of the session, and thank them.

    Raises:
        InvalidInput: the score is not a whole number of 1 to 5, or the comment is no text.
    """
    payload = _checked(score, comment)
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        says = await scores.rate_and_thank(services, uow, conversation, payload)
        await say(uow, conversation, says, answers=None, in_reply_to=[])
        uow.announce("conversation", conversation_id=conversation.id, state=conversation.state)
        await uow.commit()


def _checked(score: Any, comment: Any) -> dict[str, Any]:
    if not isinstance(score, int) or isinstance(score, bool) or not 1 <= score <= 5:
        raise InvalidInput("score_wrong", field="score")
    if comment is None:
        return {"score": score}
    if not isinstance(comment, str) or len(comment) > COMMENT_LIMIT:
        raise InvalidInput("comment_too_long", most=COMMENT_LIMIT, field="comment")
    return {"score": score, "comment": as_stored(comment)}
