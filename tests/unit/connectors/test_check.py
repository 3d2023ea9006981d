"""`make check-connector`, and the contract that the stub shop keeps."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from demo import check_connector
from demo.shop import StubShop
from helpdesk.company import load_company
from helpdesk.company.connectors import QUESTIONS
from helpdesk.connectors.check import EXAMPLES, replay
from helpdesk.testing import ROOT
from tests.unit.connectors.conftest import COMPANY

CONTRACT = yaml.safe_load((ROOT / "docs" / "connecting-openapi.yml").read_text("utf-8"))


def test_every_question_has_an_example_that_fits() -> None:
    replayed = list(replay(COMPANY.connectors, ROOT / "company" / EXAMPLES))
    assert [one.name for one in replayed if not one.fits] == []
    assert {one.name.partition(".")[0] for one in replayed} == set(QUESTIONS)


@pytest.mark.parametrize(
    "name, content, problem",
    [
        ("order.json", '{"number": "1", "state": "WAIT_PAY", "state_since": "2026-11-01"}', "state (their state)"),
        ("order.json", '{"number": "1", "state": "paid"}', "state_since"),
        ("orders_by_phone.json", '{"data": []}', "there is no orders in the answer"),
        ("parcels.json", '{"parcels": {}}', "parcels is no list"),
        ("customer.json", "<html>", "it is no JSON"),
        ("price.json", "{}", "price is no question"),
    ],
)
def test_what_does_not_fit_is_named(name: str, content: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    (told,) = replay(COMPANY.connectors, tmp_path)
    assert not told.fits
    assert problem in told.lines[0]
    assert "WAIT_PAY" not in told.lines[0]


def test_the_command_ends_with_1_where_something_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "company"
    shutil.copytree(ROOT / "company", folder)
    monkeypatch.setenv("HELPDESK_COMPANY_DIR", str(folder))
    assert check_connector.main() == 0
    (folder / EXAMPLES / "order.unpaid.json").write_text('{"number": "1"}', "utf-8")
    assert check_connector.main() == 1
    assert "DOES NOT order.unpaid.json" in capsys.readouterr().out


def test_the_stub_serves_the_documented_contract_and_the_mapping_asks_it() -> None:
    served = {route.path for route in StubShop(COMPANY).app().routes if hasattr(route, "path")} - {"/fault/{name}"}
    asked = {call.path for call in COMPANY.connectors.calls.values()}
    assert set(CONTRACT["paths"]) == served == asked


def test_the_mapping_names_only_what_the_contract_has() -> None:
    schemas = CONTRACT["components"]["schemas"]
    named = {kind.kind.__name__: name for name, kind in QUESTIONS.items()}
    for kind, question in named.items():
        mapped = {re.split(r"\.", path)[0] for path in COMPANY.connectors.calls[question].fields.values()}
        assert mapped == set(schemas[kind]["properties"])


def test_states_of_the_contract_are_ours() -> None:
    company = load_company(ROOT / "company")
    states = set(CONTRACT["components"]["schemas"]["Order"]["properties"]["state"]["enum"])
    assert {order.state for order in company.orders.values()} <= states
