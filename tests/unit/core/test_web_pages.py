"""What is served of the desk before and after it is built."""

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
