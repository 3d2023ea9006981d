"""Files of turns: what is read, and which line is told when one cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.reader.turns import Context, TurnFileError, read_turns

HEAD = "# asked: field:phone\n# topic: repair\n# bot: 请留一个电话。\n"


def read(folder: Path, text: str) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    (folder / "wang").mkdir()
    (folder / "wang" / "phone.txt").write_text(text, encoding="utf-8")
    return [(turn.said, dict(turn.acts), dict(turn.values)) for turn in read_turns(folder)]


def test_a_line_is_words_acts_and_values(tmp_path: Path) -> None:
    lines = "13800138000 下午打 | answer | phone=13800138000 ; time=下午\n先别转人工 | person- wait\n对了我姓王 | | name=王\n"
    assert read(tmp_path, HEAD + lines) == [
        ("13800138000 下午打", {"answer": "+"}, {"phone": "13800138000", "time": "下午"}),
        ("先别转人工", {"person": "-", "wait": "+"}, {}),
        ("对了我姓王", {}, {"name": "王"}),
    ]


def test_the_most_important_act_stays_first(tmp_path: Path) -> None:
    assert list(read(tmp_path, HEAD + "不是，问运费 | correct refund- ask\n")[0][1]) == ["correct", "refund", "ask"]


def test_a_context_holds_until_the_next(tmp_path: Path) -> None:
    (tmp_path / "li").mkdir()
    second = "# asked: open\n# topic: none\n# bot: 您好\n"
    (tmp_path / "li" / "a.txt").write_text(f"{HEAD}不留 | refuse\n\n{second}在吗 | greet\n", encoding="utf-8")
    first, last = read_turns(tmp_path)
    assert first.context == Context("field:phone", "repair", "请留一个电话。")
    assert (last.context.asked, last.writer) == ("open", "li")


@pytest.mark.parametrize(
    "line, complaint",
    [
        ("好 | affirmative", "4: unknown act 'affirmative'"),
        ("好 | affirm | colour=红", "4: unknown value 'colour=红'"),
        ("我姓王 | answer | name=张", "4: '张' was not said"),
        ("好 | affirm | | x", "4: more than words"),
        (" | affirm", "4: nothing is said"),
        ("# mood: good", "4: a line with # is one of asked, topic, bot"),
        ("# asked: phone\n# topic: none\n# bot: x\n好", "7: unknown asked 'phone'"),
        ("# asked: open\n# topic: love\n# bot: x\n好", "7: unknown topic 'love'"),
        ("好\n# asked: open\n好", "6: no `# topic:` stands above"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(TurnFileError, match=f"phone.txt:{complaint}"):
        read(tmp_path, HEAD + line + "\n")


def test_what_the_worker_does_not_know_is_no_context() -> None:
    assert Context.of(None) == Context.of({"asked": None, "other": 1}) == Context("none", "none", "")
    context = Context.of({"asked": "choice:faq", "topic": "queue", "bot": "请选"})
    assert (context.kind, context.subject) == ("choice", "faq")
