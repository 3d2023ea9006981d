"""An image holds what its program needs: each is run from a folder with nothing in it but what its file copies."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from helpdesk.testing import (
    ROOT,
    START_SECONDS,
    Databases,
    Process,
    eventually,
    free_port,
    service_process,
    settings_for,
    wait_until_ok,
    worker_process,
)

CONTAINERS = ROOT / "deploy" / "containers"


def unpacked(name: str, folder: Path) -> Path:
    """/app of an image, without what other steps of its making bring."""
    app = folder / "app"
    text = (CONTAINERS / f"{name}.Containerfile").read_text("utf-8")
    last = text[text.rindex("FROM ") :]
    for source, target in re.findall(r"^COPY (?!--from)(\S+) (\S+)$", last, re.MULTILINE):
        (app / target).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, app / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, app / target)
    return app


def within(process: Process, app: Path, **more: str) -> Process:
    """The same program, run where nothing else of the project can be found."""
    env: Mapping[str, str] = {**process.env, "PYTHONPATH": str(app), **more}
    return replace(process, env=dict(env), cwd=app)


async def test_the_service_runs_from_what_its_image_holds(sqlite: Databases, tmp_path: Path) -> None:
    app = unpacked("service", tmp_path)
    settings = settings_for(sqlite.fresh(), var_dir=tmp_path / "var", company_dir=Path("company"))
    process = within(service_process(settings, tmp_path), app)
    migrating = replace(process, command=[sys.executable, "-m", "helpdesk", "migrate"])
    migrating.start()
    assert migrating.running is not None
    assert await asyncio.to_thread(migrating.running.wait, 200) == 0, migrating.tail()
    process.start()
    await wait_until_ok(f"http://127.0.0.1:{settings.port}/healthz", process)

    async def has_read_all() -> bool:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            told = (await client.get(f"http://127.0.0.1:{settings.internal_port}/readyz")).json()
        return bool(told["knowledge"])

    await eventually(has_read_all, "the articles are read", START_SECONDS)
    assert await asyncio.to_thread(process.stop) == 0
    assert "Traceback" not in process.tail()


@pytest.mark.skipif(not (ROOT / "models" / "sansheng.tar.gz").exists(), reason="no model was trained here")
async def test_the_worker_runs_from_what_its_image_holds(sqlite: Databases, tmp_path: Path) -> None:
    app = unpacked("worker", tmp_path)
    port = free_port()
    settings = settings_for(sqlite.fresh(), var_dir=tmp_path / "var")
    process = within(worker_process(settings, tmp_path, port), app)
    process.start()
    await wait_until_ok(f"http://127.0.0.1:{port}/health", process)
    await asyncio.to_thread(process.stop)
    assert "Traceback" not in process.tail()
