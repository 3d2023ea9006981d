"""What counts as a file that staff may send."""

from __future__ import annotations

import pytest

from helpdesk.model.document import NAME_LENGTH, clean_name, kind_of
from tests.support.files import DOCX, PDF, office


@pytest.mark.parametrize(
    "name,content",
    [
        ("保修单.pdf", PDF),
        ("保修单.PDF", PDF),
        ("说明.docx", DOCX),
        ("报价.xlsx", office("xl/workbook.xml")),
        ("介绍.pptx", office("ppt/presentation.xml")),
        ("说明.txt", "安装说明".encode()),
        ("说明.txt", "安装说明".encode("gb18030")),
        ("报价.csv", "品名,价格\n滤芯,99".encode()),
    ],
)
def test_what_is_what_its_name_says_may_be_sent(name: str, content: bytes) -> None:
    assert kind_of(name, content) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize(
    "name,content",
    [
        ("保修单.pdf", b"<html><script>"),
        ("保修单.pdf", DOCX),
        ("说明.docx", PDF),
        ("说明.docx", office("xl/workbook.xml")),
        ("说明.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("说明.docx", office("word/document.xml", "xl/workbook.xml")),
        ("说明.docx", b"PK\x03\x04 damaged"),
        ("说明.docm", DOCX),
        ("程序.exe", b"MZ"),
        ("网页.html", b"<html>"),
        ("图.svg", b"<svg/>"),
        ("说明.txt", b"MZ\x00\x01"),
        ("没有后缀", PDF),
        ("", PDF),
    ],
)
def test_what_is_something_else_may_not(name: str, content: bytes) -> None:
    assert kind_of(name, content) is None


def test_a_name_deceives_nobody() -> None:
    assert clean_name("..\\..\\windows\\a.pdf") == "a.pdf"
    assert clean_name("/etc/保修单.pdf") == "保修单.pdf"
    assert clean_name("单\u202efdp.exe\n.pdf") == "单fdp.exe.pdf"
    long = clean_name("保" * 300 + ".pdf")
    assert (len(long), long[-4:]) == (NAME_LENGTH, ".pdf")
