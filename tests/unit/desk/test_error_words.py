"""Every refusal has a sentence of the company's, and every such sentence is said somewhere; read from the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from helpdesk.company import load_company
from helpdesk.company.shape import KINDS, WRONG
from helpdesk.door.answers import error_body
from helpdesk.errors import Conflict, HelpdeskError, InvalidInput, Reason, TooManyTries
from helpdesk.web_errors import CODES, OTHERWISE
from helpdesk.wording import Wording, load_wording

ROOT = Path(__file__).resolve().parents[3]
HAN = re.compile("[\u4e00-\u9fff]")
ENDS = ("。", "？", "！", "”。")
OF_A_FIELD = ("wrong_", "value_", "setting_", "import_", "article_", "wording_", "answer_field")
"""What stands behind the name of a cell or a key, and is no sentence of its own."""


def kinds(kind: type[HelpdeskError]) -> Iterator[type[HelpdeskError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from kinds(one)


@cache
def wording() -> Wording:
    return load_wording(load_company(ROOT / "company"))


@cache
def catalogue() -> frozenset[str]:
    names = (ROOT / "company" / "messages").glob("errors*.yml")
    return frozenset(key for path in names for key in re.findall(r"^(\w+):", path.read_text("utf-8"), re.MULTILINE))


@cache
def modules() -> dict[str, ast.Module]:
    files = sorted((ROOT / "helpdesk").rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8")) for file in files}


def name_of(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


OURS = {kind.__name__ for kind in kinds(HelpdeskError)} - {"CompanyFileError", "BrokenArticle", "Refused"}
MAKERS = OURS | {"Reason", "_unless", "refusal"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """(place, call) of everything that makes an error of ours or a reason."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) in MAKERS:
                yield f"{name}:{node.lineno}", node


def key_of(call: ast.Call) -> ast.expr | None:
    """The expression that gives the key: the first one, behind the condition of `_unless`."""
    at = 1 if name_of(call) == "_unless" else 0
    return call.args[at] if len(call.args) > at else None


def written(key: ast.expr) -> list[str]:
    """The keys that an expression may be, as far as they stand in it."""
    if isinstance(key, ast.IfExp):
        return [*written(key.body), *written(key.orelse)]
    return [key.value] if isinstance(key, ast.Constant) and isinstance(key.value, str) else []


def test_every_reason_has_a_sentence() -> None:
    found = [(place, key) for place, call in calls() if (at := key_of(call)) is not None for key in written(at)]
    assert len(found) > 200
    assert [(place, key) for place, key in found if key not in wording().keys] == []


def test_no_error_is_raised_in_words_of_the_code() -> None:
    spoken = [place for place, call in calls() if isinstance(key_of(call), (ast.JoinedStr, ast.BinOp))]
    assert spoken == []


def test_a_sentence_is_filled_by_what_the_error_tells() -> None:
    """Where the details stand in the call, each of the sentence's braces has one."""
    empty = []
    for place, call in calls():
        at = key_of(call)
        if at is None or name_of(call) == "refusal" or any(one.arg is None for one in call.keywords):
            continue
        told = {one.arg for one in call.keywords}
        empty += [(place, key, left) for key in written(at) if (left := wording().fields_of(key) - told)]
    assert empty == []


def test_every_sentence_is_said_somewhere() -> None:
    constants = {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    codes = {kind.code for kind in kinds(HelpdeskError)} | set(CODES.values())
    built = {f"{WRONG}{kind}" for kind in KINDS}
    assert catalogue() - constants - codes - built == set()


def test_every_code_and_kind_of_value_has_its_sentence() -> None:
    codes = {kind.code for kind in kinds(HelpdeskError)} | set(CODES.values()) | {"client_gone", OTHERWISE}
    assert codes | {f"{WRONG}{kind}" for kind in KINDS} <= wording().keys


def test_sentences_are_chinese_and_whole() -> None:
    for key in sorted(catalogue()):
        [text] = wording().variants(key)
        assert HAN.search(text) or key == "setting_refused" or key == "import_article_wrong", key
        assert text.endswith(ENDS) or key.startswith(OF_A_FIELD), f"{key}: {text}"


def test_no_raise_holds_chinese() -> None:
    """Also not in the words of another error; what is said stands in company/."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None and HAN.search(ast.unparse(node.exc))
    ]
    assert found == []


def test_an_answer_has_the_key_the_sentence_and_the_details() -> None:
    error = Conflict("served_full", name="林晓", capacity=5, why="a row in the log")
    told = error_body(error, wording())["error"]
    assert told == {
        "code": "conflict",
        "reason": "served_full",
        "message": "林晓正在服务的客户已达上限 5 位，请稍后再试或转给其他同事。",
        "details": {"name": "林晓", "capacity": 5},
    }
    assert str(error) == "served_full: name=林晓; capacity=5; why=a row in the log"


def test_each_field_has_its_reason_in_words() -> None:
    error = InvalidInput.at({"password": Reason("password_short", least=12), "code": Reason("code_wrong")})
    told = error_body(error, wording())["error"]
    assert told["reason"] == "password_short"
    assert told["message"] == told["details"]["reasons"]["password"] == "密码至少 12 个字符，请重新填写。"
    assert told["details"]["fields"] == ["password", "code"]


def test_what_an_older_edition_does_not_say_is_said_by_its_code() -> None:
    older = Wording({"internal": ("服务出了问题。",), "conflict": ("请刷新后再看。",)}, {})
    assert older.refusal(Conflict("served_full", name="林晓")) == "请刷新后再看。"
    assert older.refusal(TooManyTries("too_often")) == "服务出了问题。"


@pytest.mark.parametrize("value, said", [(["a", "b"], "a、b"), (Reason("no_such_way"), "没有这种联系方式")])
def test_lists_and_reasons_are_read_out_within_a_sentence(value: object, said: str) -> None:
    assert said in wording().why(Reason("setting_refused", key="k", problem=value))
