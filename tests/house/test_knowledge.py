"""What docs/knowledge.md promises of the knowledge base is there, and nothing is there that it does not tell."""

from __future__ import annotations

import re
from pathlib import Path

from helpdesk.company import load_company
from helpdesk.desk import api
from helpdesk.knowledge import Article
from helpdesk.knowledge.articles import values_of

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "knowledge.md").read_text("utf-8")
PREFIX = "/api/knowledge/"
READING = {"articles", "articles/{id}", "search"}


def routes() -> set[str]:
    """METHOD path of each route, ids as the document writes them."""
    own = [(method, path.removeprefix(PREFIX)) for method, path in api.routes() if path.startswith(PREFIX)]
    return {f"{method} {path.replace('{faq_id}', '{id}').replace('{group_id}', '{group}')}" for method, path in own}


def told() -> set[str]:
    found = re.findall(r"`(GET|POST|PUT|DELETE) ([a-z/{}]+)", DOCUMENT)
    return {f"{method} {path}" for method, path in found}


def test_every_route_that_changes_something_is_told() -> None:
    plain = {f"GET {path}" for path in (*READING, "unanswered/{group}")}
    assert routes() - told() - plain - {"DELETE articles/{id}/draft"} == set()
    assert "`DELETE` throws it away" in DOCUMENT


def test_no_route_is_told_that_is_not_there() -> None:
    assert told() - routes() == set()


def test_every_field_of_an_article_and_every_brace_is_explained() -> None:
    assert [name for name in Article.model_fields if name != "id" and f"`{name}`" not in DOCUMENT] == []
    braces = values_of(load_company(ROOT / "company"))
    assert [name for name in braces if f"`{{{name}}}`" not in DOCUMENT] == []


def test_the_example_of_a_company_names_what_an_article_holds() -> None:
    readme = (ROOT / "company" / "knowledge" / "README.md").read_text("utf-8")
    assert "docs/knowledge.md" in readme
