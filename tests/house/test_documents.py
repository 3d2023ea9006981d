"""What the documents promise is there: settings, commands, links and pictures; and every page is found in the site."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.metrics import exposition
from tests.house.reading import OTHER_SETTINGS, declared
from tools.__main__ import COMMANDS
from tools.project import THIS
from tools.settings import SECRETS, read_env_file

ROOT = THIS.root
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)
UNSET = (
    *SECRETS,
    "HELPDESK_DEMO_PASSWORD",
    "HELPDESK_SHOP_TOKEN",
    "HELPDESK_IDENTITY_SECRET",
    "WECHAT_TOKEN",
    "WECHAT_APP_SECRET",
    "WECHAT_AES_KEY",
    "SMS_SECRET",
    "SMS_RECEIPT_TOKEN",
    "SMTP_PASSWORD",
    "SMTP_REPLY_TOKEN",
    "IMAP_PASSWORD",
    "BOT_SECOND_READER_KEY",
)
PAGES = sorted(ROOT.glob("docs/**/*.md"))
DOCUMENTS = [*ROOT.glob("*.md"), *PAGES, *ROOT.glob(".github/**/*.md")]
DRAWN_BY_BENCH = {"understanding-confusion"}


class SiteLoader(yaml.SafeLoader):
    """Reads site/mkdocs.yml, which names functions of MkDocs' environment, without them."""


SiteLoader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: suffix)


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert set(read_env_file(ROOT / ".env.example")) == declared() | OTHER_SETTINGS


def test_the_bot_reads_no_setting_that_the_example_lacks() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    used = set(re.findall(r"[\"']((?:BOT|HELPDESK)_[A-Z0-9_]+)[\"']", source))
    assert used
    assert used <= set(read_env_file(ROOT / ".env.example"))


def test_no_secret_has_a_value_in_the_example() -> None:
    example = read_env_file(ROOT / ".env.example")
    assert {name: example[name] for name in UNSET} == dict.fromkeys(UNSET, "")


def test_every_target_is_in_the_help() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make ([a-z-]+) ", shown, re.MULTILINE) == TARGETS


def test_every_target_is_phony_and_calls_a_command_that_there_is() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert sorted(phony.group(1).split()) == sorted(TARGETS)
    assert set(re.findall(r"\$\(TOOLS\) ([a-z]+)", MAKEFILE)) == set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_targets_that_there_are(document: Path) -> None:
    text = document.read_text("utf-8")
    named = re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)
    assert set(named) <= set(TARGETS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_links_only_to_files_that_there_are(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@lru_cache
def anchors(document: Path) -> frozenset[str]:
    """What a link may name behind `#`: headings, as the site and hosts of code make addresses of them."""
    text = re.sub(r"^( *)```.*?^\1```", "", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", one) for one in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    return frozenset(re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings)


def test_a_link_into_a_document_names_a_heading_that_there_is() -> None:
    links = [(at, *link) for at, text in read() for link in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", text)]
    targets = [((at.parent / name).resolve() if name else at, anchor, at) for at, name, anchor in links]
    assert [f"{at}: {to}#{anchor}" for to, anchor, at in targets if anchor not in anchors(to)] == []


def read() -> list[tuple[Path, str]]:
    """Every document and its text."""
    return [(document, document.read_text("utf-8")) for document in DOCUMENTS]


def in_navigation(entry: Any) -> list[str]:
    """The pages below an entry of `nav`, in their order."""
    if isinstance(entry, str):
        return [entry]
    below = entry.values() if isinstance(entry, dict) else entry
    return [page for one in below for page in in_navigation(one)]


def test_every_page_is_in_the_sites_navigation_once() -> None:
    site = yaml.load((ROOT / "site" / "mkdocs.yml").read_text("utf-8"), SiteLoader)
    of_the_root = re.search(r"^OF_THE_ROOT = (\{.*\})$", (ROOT / "site" / "hooks.py").read_text("utf-8"), re.MULTILINE)
    assert of_the_root is not None
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in PAGES]
    assert sorted(in_navigation(site["nav"])) == sorted([*pages, *yaml.safe_load(of_the_root[1])])


def test_every_picture_is_shown_and_drawn_by_a_test() -> None:
    shown = {name for page in DOCUMENTS for name in re.findall(r"images/([\w-]+)\.png\)", page.read_text("utf-8"))}
    drawn = "".join((ROOT / "tests" / "browser" / name).read_text("utf-8") for name in ("test_pictures.py", "steps.py"))
    kept = {path.stem for path in ROOT.glob("docs/images/*.png")}
    assert kept == shown
    assert {name for name in kept - DRAWN_BY_BENCH if f'"{name}"' not in drawn} == set()


def test_the_documents_name_only_commands_and_variables_that_there_are() -> None:
    text = "\n".join(text for _, text in read())
    source = (ROOT / "helpdesk" / "__main__.py").read_text("utf-8")
    commands = set(re.findall(r'^        "([a-z-]+)": ', source, re.MULTILINE))
    assert set(re.findall(r"python -m helpdesk ([a-z-]+)", text)) <= commands
    variables = re.findall(r"(?:^|`)make [a-z-]+ ([A-Z]+)=", text, re.MULTILINE)
    assert [name for name in variables if f"$({name})" not in MAKEFILE] == []


def test_the_readme_names_the_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert {"make run", "make test"} <= {line.strip() for block in blocks for line in block.splitlines()}


def test_the_shell_commands_of_the_documents_are_valid_shell() -> None:
    bash = shutil.which("bash")
    assert bash is not None
    for document in DOCUMENTS:
        for block in re.findall(r"```(?:sh|bash)\n(.*?)```", document.read_text("utf-8"), re.DOTALL):
            checked = subprocess.run([bash, "-n"], input=block, capture_output=True, text=True)
            assert checked.returncode == 0, f"{document.name}: {checked.stderr}"


def test_ci_runs_the_tests() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_documents_name_only_paths_that_there_are() -> None:
    folders = "actions|bench|bot|company|data|demo|deploy|docs|frontend|helpdesk|requirements|site|tests|tools|zhtext"
    path = re.compile(rf"`((?:{folders})/[\w./-]*\w/?)`")
    named = {(name, at) for at, text in read() for name in path.findall(text) if not (ROOT / name).exists()}
    assert [f"{at}: {name}" for name, at in sorted(named) if not _is_built(name)] == []


def _is_built(path: str) -> bool:
    """A folder that is not there yet is told from a file by its slash alone."""
    names = (path, f"{path.rstrip('/')}/")
    return any(subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT).returncode == 0 for name in names)


def test_a_place_in_the_code_that_a_document_names_is_there() -> None:
    named = [(at, *place) for at, text in read() for place in re.findall(r"`([\w/]+\.py)::(\w+)`", text)]
    assert len(named) > 100
    assert [f"{at}: {path}::{name}" for at, path, name in named if not _defines(ROOT / path, name)] == []


def _defines(path: Path, name: str) -> bool:
    return (
        path.exists()
        and re.search(rf"^ *(?:(?:async )?def |class ){name}\b|^{name}\b.*=", path.read_text("utf-8"), re.MULTILINE)
        is not None
    )


def test_the_changelog_has_dated_releases_the_newest_first() -> None:
    first, *releases = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert first == "Unreleased"
    found = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d\d-\d\d)", one) for one in releases]
    assert found
    assert None not in found
    versions = [(*map(int, one.groups()[:3]), one[4]) for one in found if one]
    assert versions == sorted(versions, reverse=True)


@pytest.mark.parametrize("page", ["decisions/README.md", "zh/decisions.md"])
def test_every_decision_is_listed_in_both_languages(page: str) -> None:
    written = {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    listed = re.findall(r"\((?:\.\./decisions/)?(0\d{3}-[\w-]+\.md)\)", (ROOT / "docs" / page).read_text("utf-8"))
    assert sorted(listed) == sorted(written)


def test_every_threat_names_a_test_that_there_is() -> None:
    assert len(named_tests("docs/security.md")) > 15
    assert missing_tests("docs/security.md") == []


CLAUSES = [
    f"{letter}{n}" for letter, last in zip("ABCDEFG", (7, 4, 11, 6, 3, 6, 5), strict=True) for n in range(1, last + 1)
]


def test_every_clause_of_the_standard_is_held_by_a_test_or_a_transcript() -> None:
    page = (ROOT / "docs" / "zh" / "standard.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| ([A-G]\d+) \| (.+)$", page, re.MULTILINE))
    assert list(rows) == CLAUSES
    assert missing_tests("docs/zh/standard.md") == []
    told = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests/dialogues/transcripts").glob("*.yml"))
    quoted = {clause: re.findall("「(.+?)」", row.rsplit("|", 2)[-2]) for clause, row in rows.items()}
    assert {title for titles in quoted.values() for title in titles if title not in told} == set()
    assert {clause for clause, row in rows.items() if not quoted[clause] and "`tests/" not in row} == set()


def named_tests(page: str) -> list[tuple[str, str]]:
    """Files and functions of the tests that a page names."""
    return re.findall(r"`(tests/\S+\.py)::(\w+)`", (ROOT / page).read_text("utf-8"))


def missing_tests(page: str) -> list[str]:
    """Those of them that there are not."""
    return [name for path, name in named_tests(page) if f"def {name}(" not in (ROOT / path).read_text("utf-8")]


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json"])
def test_only_what_is_measured_is_watched(name: str) -> None:
    told = exposition().decode()
    watched = set(re.findall(r"helpdesk_[a-z_]+", (ROOT / "deploy" / "monitoring" / name).read_text("utf-8")))
    assert len(watched) >= 7
    assert {one for one in watched if f"# TYPE {one.removesuffix('_bucket')} " not in told} == set()
