"""The browser, its Chinese font, and a service to look at."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from helpdesk.testing import SHIFT, SqliteDatabases
from tests.browser.site import Site
from tests.support.fixtures import quick_passwords
from tools.node import npm_environment
from tools.project import Project

__all__ = ["quick_passwords"]

HERE = Path(__file__).resolve().parent
FONT = HERE / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
WEIGHTS = ("400Regular", "500Medium", "600SemiBold", "700Bold")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
WAIT_MS = 20_000
DESKTOP = (1280, 800)
PHONE = (390, 844)
SHOP = "Asia/Shanghai"
"""Where the shop's clocks are."""

SERVICE_TIME = """(() => {
  const Machine = Date, ahead = AHEAD;
  window.Date = class extends Machine {
    constructor(...given) { given.length ? super(...given) : super(Machine.now() + ahead); }
    static now() { return Machine.now() + ahead; }
  };
})()""".replace("AHEAD", str(round(SHIFT.total_seconds() * 1000)))
"""The pages' clock is the service's: a customer's telephone shows the hour the shop has."""

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fontconfig file that names the system's fonts and the one from npm: Chinese shows on any machine."""
    folder = tmp_path_factory.mktemp("fonts")
    own = "".join(f"<dir>{FONT / weight}</dir>" for weight in WEIGHTS)
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts</dir>{own}<cachedir>{folder / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return file


def chromium() -> str:
    """The named browser, the system's, or the one from npm."""
    for found in (os.environ.get("BROWSER"), shutil.which("chromium")):
        if found:
            return found
    env = npm_environment(Project(HERE.parent.parent))
    made = subprocess.run(["node", "find_chromium.mjs"], cwd=HERE, env=env, capture_output=True, text=True, check=True)
    return made.stdout.strip()


@pytest.fixture(scope="session")
def browser(fonts: Path) -> Iterator[Browser]:
    """One browser for all, whose driver holds this thread's event loop; each test has contexts of its own."""
    env = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS, env=env)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One service for all journeys; made in another thread: the browser's driver may hold this one's event loop."""
    with ThreadPoolExecutor(1) as other:
        databases = other.submit(SqliteDatabases).result()
    made = Site(databases.fresh())
    made.start()
    yield made
    made.stop()
    databases.close()


@pytest.fixture
def anywhere(browser: Browser) -> Iterator[Open]:
    """Opens an address as a person who was never here: `anywhere(url, PHONE)`. Errors in a page fail the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(url: str, size: tuple[int, int] = DESKTOP, scheme: str = "light", zone: str = SHOP) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id=zone,
            reduced_motion="reduce",
        )
        context.add_init_script(SERVICE_TIME)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def left_clear(site: Site) -> Iterator[Site]:
    """Nobody waits and nobody is served at the end, after the last page is closed."""
    yield site
    site.clear()


@pytest.fixture
def visitor(left_clear: Site, anywhere: Open) -> Open:
    """The same on the one service of all journeys: `visitor("/", PHONE)`."""

    def open_page(path: str = "/", size: tuple[int, int] = DESKTOP, scheme: str = "light", zone: str = SHOP) -> Page:
        return anywhere(left_clear.url + path, size, scheme, zone)

    return open_page
