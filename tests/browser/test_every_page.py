"""Every page, at every width and in both colours: nothing is cut off or wider than the window, and axe finds nothing.

`PICTURES=folder` keeps a picture of each, to be looked at.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import CLIPPED, complaint, serious_faults

WIDTHS = (PHONE, (1024, 768), DESKTOP, (1600, 1000))
SCHEMES = ("light", "dark")
FITS = """async () => {
    for (let frames = 0; frames < 120; frames++) {
        if (document.documentElement.scrollWidth <= innerWidth) return true;
        await new Promise(requestAnimationFrame);
    }
    return false;
}"""
"""Charts take the window's new width some frames later."""
LOOKED_THROUGH = ((PHONE, "dark"), (DESKTOP, "light"))
"""Where axe looks: its faults are those of colours and of names, which the other widths share."""
DESK = {
    "work": "/desk",
    "conversation": "/desk/conversations/{conversation}",
    "talks": "/desk/talks",
    "tickets": "/desk/tickets",
    "ticket": "/desk/tickets/{number}",
    "promises": "/desk/promises",
    "calls": "/desk/calls",
    "customers": "/desk/customers",
    "customer": "/desk/customers/{customer}",
    "follow-ups": "/desk/follow-ups",
    "knowledge": "/desk/knowledge",
    "article": "/desk/knowledge/invoice.how",
    "questions": "/desk/knowledge/questions",
    "article-import": "/desk/knowledge/import",
    "supervision": "/desk/supervision",
    "reports": "/desk/reports",
    "blueprint": "/desk/reports/blueprint",
    "survey": "/desk/reports/survey",
    "scorecard": "/desk/scorecard/agent",
    "audit": "/desk/audit",
    "people": "/desk/people",
    "keys": "/desk/people/keys",
    "customer-import": "/desk/people/customers",
    "settings": "/desk/settings",
    "account": "/desk/account",
}
"""Name -> address."""
CUSTOMERS = {
    "follow": ("/follow", "查询办理进度"),
    "survey-page": ("/survey", "服务质量调查"),
    "join": ("/join", "手机号"),
}


def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is shown, at every width and in both colours."""
    found = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if folder := os.environ.get("PICTURES"):
                page.wait_for_timeout(400)
                page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
            if ((width, height), scheme) in LOOKED_THROUGH:
                found += [f"{name} {width} {scheme}: {one}" for one in serious_faults(page)]
        found += [f"{name} {width}: {one!r} is cut off" for one in page.evaluate(CLIPPED)]
        if not page.evaluate(FITS):
            found.append(f"{name} {width}: wider than the window")
    return found


@pytest.fixture
def ids(visitor: Open, site: Site) -> dict[str, str]:
    """A customer with a complaint who is being served, and others who wait."""
    ask = site.program("admin")
    ask("POST", "/api/presence", {"state": "online"})
    customer, number = complaint(visitor)
    customer.asks_for_a_person()
    for n in range(6):
        site.waiting(f"waits{n}", f"第 {n} 位：冰箱冷藏室结冰，想问问怎么回事")
    ticket = ask("GET", f"/api/tickets/{number}")
    conversation = ticket["conversation_id"]
    ask("POST", f"/api/conversations/{conversation}/claim", {})
    said = "您好，冰箱不制冷给您添麻烦了，我马上为您安排师傅，明天上午 9 点到 11 点上门，您看方便吗？"
    ask("POST", f"/api/conversations/{conversation}/messages", {"text": said, "client_id": "one"})
    owner = ask("GET", "/api/customers?q=")[0]["id"]
    return {"number": number, "conversation": conversation, "customer": owner}


def test_every_page_of_the_desk_fits_and_reads_well(visitor: Open, site: Site, ids: dict[str, str]) -> None:
    page = Staff(visitor("/desk")).sign_in("admin").page
    found = []
    for name, address in DESK.items():
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.goto(site.url + address.format(**ids))
        expect(page.locator("h1, h2").locator("visible=true").first).to_be_visible(timeout=WAIT_MS)
        expect(page.locator(".el-skeleton")).to_have_count(0, timeout=WAIT_MS)
        found += look(page, name)
    assert not found, "\n".join(found)


def test_every_page_of_customers_fits_and_reads_well(visitor: Open, site: Site) -> None:
    page = visitor("/")
    found = []
    for name, (address, words) in CUSTOMERS.items():
        page.goto(site.url + address)
        expect(page.get_by_text(words).first).to_be_visible(timeout=WAIT_MS)
        found += look(page, name)
    page.goto(site.url)
    customer = Customer(page).open_chat()
    customer.says("我要投诉")
    customer.hears("怎么称呼您")
    found += look(page, "widget")
    assert not found, "\n".join(found)
