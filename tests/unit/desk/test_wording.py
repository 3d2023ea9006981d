"""Wordings: fields, variants, and mistakes that are found at the start."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from helpdesk.company import Company, CompanyFileError, load_company
from helpdesk.company.canned import canned_replies
from helpdesk.company.shape import WRONG
from helpdesk.errors import HelpdeskError
from helpdesk.model.letter import LetterKind
from helpdesk.model.ticket import Kind, Status
from helpdesk.usecases.promises import warnings
from helpdesk.usecases.tickets.letters import OCCASIONS
from helpdesk.wording import MissingWording, Wording, load_wording

ROOT = Path(__file__).resolve().parents[3]
EVERYWHERE = {"variant_seed"}


@pytest.fixture(scope="module")
def company() -> Company:
    return load_company(ROOT / "company")


@pytest.fixture(scope="module")
def wording(company: Company) -> Wording:
    return load_wording(company)


def rendered() -> Iterator[tuple[str, int, str, set[str]]]:
    """(file, line, key, fields) of every render call whose key is written out."""
    for file in sorted((ROOT / "helpdesk").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            key = node.args[0]
            spread = any(keyword.arg is None for keyword in node.keywords)
            if name == "render" and isinstance(key, ast.Constant) and not spread:
                yield file.name, node.lineno, str(key.value), {k.arg for k in node.keywords if k.arg} - EVERYWHERE


@pytest.mark.parametrize("file, line, key, given", list(rendered()))
def test_what_the_code_says_exists_and_gets_its_fields(
    wording: Wording, file: str, line: int, key: str, given: set[str]
) -> None:
    assert wording.fields_of(key) <= given


def test_every_kind_status_transition_and_error_has_its_words(wording: Wording) -> None:
    keys = {f"kind_{kind}" for kind in Kind} | {f"status_{status}" for status in Status}
    keys |= {f"letter_title_{kind}" for kind in LetterKind}
    keys |= {f"letter_progress_{occasion}" for occasion in OCCASIONS.values()}
    keys |= {f"warning_{code}" for code in warnings.CODES} | {"letter_progress_continued", "letter_progress_overdue"}
    keys |= {f"undelivered_{trouble}" for trouble in ("later", "uncertain", "refused")}
    assert keys | set(messages_of_errors(HelpdeskError)) <= wording.keys


def messages_of_errors(root: type[HelpdeskError]) -> Iterator[str]:
    yield root.message_key
    for child in root.__subclasses__():
        yield from messages_of_errors(child)


def test_no_wording_lies_unused(wording: Wording) -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "helpdesk").rglob("*.py"))
    built = (
        "kind_",
        "status_",
        "promise_",
        "rating_title_",
        "wechat_",
        "undelivered_",
        "letter_",
        "owed_",
        "follow_level_",
        "follow_step_",
        "warning_",
        "field_unknown_",
        "field_withheld_",
        "value_wrong_",
        "order_",
        "parcel_",
        "progress_",
        "channel_",
        "export_",
        WRONG,
    )
    unused = {key for key in wording.keys if f'"{key}"' not in code and not key.startswith(built)}
    assert unused <= {"unreadable"}  # for channels whose messages may hold no text


def test_the_same_seed_gives_the_same_variant_and_seeds_differ(wording: Wording) -> None:
    said = {wording.render("apology", variant_seed=str(n)) for n in range(20)}
    assert said == set(wording.variants("apology"))
    assert wording.render("apology", variant_seed="a") == wording.render("apology", variant_seed="a")


def test_no_wording_breaks_the_companys_own_rules(company: Company, wording: Wording) -> None:
    texts = [text for key in wording.keys for text in wording.variants(key)] + [r.text for r in canned_replies(company)]
    groups = company.forbidden.values()
    assert [(text, found) for text in texts for group in groups if (found := group.find(text))] == []


def test_a_missing_key_and_a_missing_field_are_errors(wording: Wording) -> None:
    with pytest.raises(MissingWording):
        wording.render("no_such_key")
    with pytest.raises(MissingWording):
        wording.render("apology_with_ticket")


@pytest.mark.parametrize(
    "content, problem",
    [
        ("a: ['您好 {x}', 您好]", "same fields"),
        ("a: []", "must be a wording"),
        ("a: {b: c}", "must be a wording"),
        ("- a", "must map keys"),
        ("a: '您好 {x'", "braces"),
    ],
)
def test_an_unusable_file_is_named(company: Company, tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "bad.yml").write_text(content, "utf-8")
    with pytest.raises(CompanyFileError, match=problem):
        load_wording(company.model_copy(update={"root": tmp_path}))


def test_a_key_in_two_files_is_refused(company: Company, tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    for name in ("one", "two"):
        (tmp_path / "messages" / f"{name}.yml").write_text("a: 您好", "utf-8")
    with pytest.raises(CompanyFileError, match="another file"):
        load_wording(company.model_copy(update={"root": tmp_path}))


def edited(company: Company, **files: str) -> Company:
    """As if an administrator had published these files of messages at the desk."""
    return company.model_copy(update={"edits": {f"messages/{name}.yml": text for name, text in files.items()}})


def test_what_an_edit_from_before_an_upgrade_lacks_is_said_in_the_products_own_words(
    company: Company, wording: Wording
) -> None:
    older = load_wording(edited(company, closing="farewell: 再见，愿您一切顺利。"))
    assert older.render("farewell") == "再见，愿您一切顺利。"
    assert older.lent >= {"farewell_open_ticket", "rating_request", "rating_thanks"}
    assert older.keys == wording.keys
    assert {key: older.variants(key) for key in older.lent} == {key: wording.variants(key) for key in older.lent}
    assert wording.lent == frozenset()


def test_a_folder_of_ones_own_borrows_by_key_too(company: Company, wording: Wording, tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "mine.yml").write_text("apology: 真对不起您。", "utf-8")
    mine = load_wording(company.model_copy(update={"root": tmp_path}))
    assert mine.render("apology") == "真对不起您。"
    assert mine.lent == wording.keys - {"apology"}


def test_a_key_that_an_upgrade_moved_to_another_file_is_the_edited_ones(company: Company) -> None:
    moved = load_wording(edited(company, closing="apology: 真对不起您。"))
    assert moved.variants("apology") == ("真对不起您。",)


def test_a_field_that_nobody_gives_any_more_costs_the_company_its_words_not_the_customer_an_answer(
    company: Company, wording: Wording
) -> None:
    older = load_wording(edited(company, trouble="apology: 抱歉，请联系 {fax}。"))
    with capture_logs() as logs:
        said = [older.render("apology", variant_seed="a") for _ in range(3)]
    assert set(said) == {wording.render("apology", variant_seed="a")}
    assert [line["keys"] for line in logs] == [["apology"]]


def test_what_is_lent_is_named_once(company: Company) -> None:
    older = load_wording(edited(company, closing="farewell: 再见。"))
    with capture_logs() as logs:
        older.tell_lent()
        older.tell_lent(older.lent)
    assert [line["keys"] for line in logs] == [sorted(older.lent)]
