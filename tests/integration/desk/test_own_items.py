"""What members of staff keep for themselves: nobody else sees it, and a title stands for one thing."""

from __future__ import annotations

import asyncio

import pytest

from helpdesk.usecases.people import own_items
from tests.integration.desk.conftest import Desk


async def test_ones_own_replies_are_kept_replaced_and_dropped(desk: Desk) -> None:
    first = await desk.ok("POST", "/me/replies", title="催件", text="已为您催促，{客户称呼}。")
    again = await desk.ok("POST", "/me/replies", title="催件", text="已经催过了。")
    assert again == {"id": first["id"], "title": "催件", "text": "已经催过了。"}
    await desk.ok("POST", "/me/replies", title="到货", text="货到了。")
    assert [one["title"] for one in await desk.ok("GET", "/me/replies")] == ["催件", "到货"]
    assert await desk.ok("GET", "/me/replies", "agent2") == []
    await desk.refused(404, "DELETE", f"/me/replies/{first['id']}", "agent2")
    await desk.refused(404, "DELETE", f"/me/views/{first['id']}")
    await desk.ok("DELETE", f"/me/replies/{first['id']}")
    assert [one["title"] for one in await desk.ok("GET", "/me/replies")] == ["到货"]


async def test_a_view_is_of_one_list(desk: Desk) -> None:
    for page in ("talks", "tickets"):
        await desk.ok("POST", "/me/views", page=page, title="今天的", filters={"state": "closed", "q": ""})
    kept = await desk.ok("GET", "/me/views")
    assert [(one["page"], one["filters"]) for one in kept] == [
        ("talks", {"state": "closed", "q": ""}),
        ("tickets", {"state": "closed", "q": ""}),
    ]
    assert await desk.ok("GET", "/me/replies") == []


async def test_two_windows_keep_one_title_once(desk: Desk) -> None:
    await desk.sign_in()
    texts = [f"第 {n} 种说法" for n in range(4)]
    await asyncio.gather(*(desk.ok("POST", "/me/replies", title="到货", text=text) for text in texts))
    (kept,) = await desk.ok("GET", "/me/replies")
    assert kept["text"] in texts


@pytest.mark.parametrize(
    "path, body",
    [
        ("replies", {"title": " ", "text": "货到了。"}),
        ("replies", {"title": "到货", "text": ""}),
        ("replies", {"title": "到" * 21, "text": "货到了。"}),
        ("replies", {"title": "到货", "text": "货" * 2001}),
        ("views", {"page": "people", "title": "同事", "filters": {}}),
        ("views", {"page": "talks", "title": "多", "filters": {str(n): "" for n in range(21)}}),
        ("views", {"page": "talks", "title": "长", "filters": {"q": "长" * 101}}),
    ],
)
async def test_what_cannot_be_kept_is_told(sqlite_desk: Desk, path: str, body: dict[str, object]) -> None:
    await sqlite_desk.refused(422, "POST", f"/me/{path}", **body)
    assert await sqlite_desk.ok("GET", f"/me/{path}") == []


async def test_there_is_an_end_to_what_one_keeps(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_items, "MOST", 2)
    for title in ("一", "二"):
        await sqlite_desk.ok("POST", "/me/replies", title=title, text="您好")
    await sqlite_desk.refused(422, "POST", "/me/replies", title="三", text="您好")
    await sqlite_desk.ok("POST", "/me/replies", title="二", text="您好，请讲")
