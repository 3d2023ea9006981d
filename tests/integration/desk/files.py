"""Pictures and files that staff and customers send."""

from __future__ import annotations

import httpx

from tests.integration.desk.conftest import Desk


async def sent(
    desk: Desk, conversation_id: str, content: bytes, client_id: str = "p1", who: str = "agent"
) -> httpx.Response:
    return await desk.client.post(
        f"/api/conversations/{conversation_id}/pictures?client_id={client_id}",
        files={"picture": ("a.png", content, "image/png")},
        headers=await desk.sign_in(who),
    )


async def serving(desk: Desk) -> str:
    await desk.sign_in()
    conversation_id = await desk.waiting()
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    return conversation_id
