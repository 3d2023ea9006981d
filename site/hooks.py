"""What MkDocs does not do for this site by itself: two languages in one site, and nothing from another host.

Each page shows the navigation of its own language (a top entry of `nav`), the words of the theme in it, and a way to
the same page in the other one: zh/NAME.md and NAME.md are one subject, the two homes belong together.
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any

import jieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

HERE = Path(__file__).parent
ROOT = HERE.parent
LANGUAGES = {"中文": "zh", "English": "en"}
HOMES = {"zh": "index.md", "en": "english.md"}
OF_THE_ROOT = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
"""Pages that stand where hosts of code look for them."""
MERMAID = "assets/mermaid.js"
ASSETS = {
    "assets/site.css": HERE / "site.css",
    "assets/iframe-worker.js": HERE / "node_modules/iframe-worker/shim/index.js",
    MERMAID: HERE / "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js",
}
jieba.setLogLevel(logging.WARNING)
LINK = re.compile(r"\[([^]]*)\]\(([^)#:\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the root, and what a browser needs beside them."""
    for name, source in OF_THE_ROOT.items():
        files.append(File.generated(config, name, content=_from_docs((ROOT / source).read_text("utf-8"))))
    for name, path in ASSETS.items():
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """A link to what is no page (source, settings) becomes its path: the site holds documents only."""
    folder = Path("docs", page.file.src_uri).parent

    def told(link: re.Match[str]) -> str:
        target = os.path.normpath(folder / link[2])
        return link[0] if target.startswith("docs" + os.sep) else _path(link[1], target)

    return LINK.sub(told, markdown)


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Only a page with a diagram loads what draws it."""
    if 'class="mermaid"' not in html:
        return html
    return f'{html}\n<script src="{"../" * page.url.count("/")}{MERMAID}"></script>'


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """Give a page its language: navigation, the theme's own words, the other language's page."""
    parts = {LANGUAGES[item.title]: item for item in nav.items if item.title in LANGUAGES}
    language = LANGUAGES.get(str(page.ancestors[-1].title) if page.ancestors else "", "zh")
    config.theme["language"] = language
    config.extra["homepage"] = _url(HOMES[language], nav)
    config.extra["alternate"] = [
        {"name": name, "lang": code, "link": page.url if code == language else _url(_beside(page, code, nav), nav)}
        for name, code in LANGUAGES.items()
    ]
    own = Navigation(parts[language].children, nav.pages)
    return {**context, "nav": own}


def _from_docs(text: str) -> str:
    """The links of a file of the root, as they read from docs/."""
    return LINK.sub(lambda link: f"[{link[1]}]({os.path.relpath(link[2], 'docs')}{link[3] or ''})", text)


def _path(words: str, target: str) -> str:
    named = words.strip("`")
    return f"`{target}`" if named in target else f"{words} (`{target}`)"


def _beside(page: Page, language: str, nav: Navigation) -> str:
    """The same subject in the other language; its home where there is none."""
    name = page.file.src_uri
    twin = f"zh/{name}" if language == "zh" else name.removeprefix("zh/")
    known = {one.file.src_uri for one in nav.pages}
    return twin if twin in known and twin != name else HOMES[language]


def _url(name: str, nav: Navigation) -> str:
    return next(one.url for one in nav.pages if one.file.src_uri == name)
