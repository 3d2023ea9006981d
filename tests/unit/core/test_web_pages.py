"""What is served of the desk before and after it is built, and how much of it travels."""

from __future__ import annotations

from pathlib import Path

import httpx
from fastapi import FastAPI

from helpdesk.web_pages import BuiltFiles


async def test_files_that_are_not_built_are_not_there_and_are_once_they_are(tmp_path: Path) -> None:
    app = FastAPI()
    app.mount("/assets", BuiltFiles(directory=tmp_path / "assets", check_dir=False))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as browser:
        for path in ("/assets/desk.js", "/assets/..%2f..%2fetc%2fpasswd", f"/assets/{'a' * 4000}"):
            assert (await browser.get(path)).status_code == 404
        (tmp_path / "assets").mkdir()
        (tmp_path / "assets" / "desk.js").write_text("desk()")
        assert (await browser.get("/assets/desk.js")).text == "desk()"


async def test_a_built_file_travels_packed_to_who_takes_it_and_only_once_to_who_keeps_it(tmp_path: Path) -> None:
    app = FastAPI()
    app.mount("/assets", BuiltFiles(directory=tmp_path, check_dir=False))
    words = "工作台" * 5000
    (tmp_path / "desk.js").write_text(words)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as browser:
        whole = await browser.get("/assets/desk.js", headers={"Accept-Encoding": "gzip, br"})
        assert (whole.headers["content-encoding"], whole.text) == ("gzip", words)
        assert int(whole.headers["content-length"]) < len(words.encode()) / 20
        plain = await browser.get("/assets/desk.js", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == words
        part = await browser.get("/assets/desk.js", headers={"Range": "bytes=0-2"})
        assert (part.status_code, part.content) == (206, words.encode()[:3])
        again = await browser.get("/assets/desk.js", headers={"If-None-Match": whole.headers["etag"]})
        assert again.status_code == 304
        (tmp_path / "desk.js").write_text(words + "新")
        assert (await browser.get("/assets/desk.js")).text == words + "新"
