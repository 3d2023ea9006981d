"""The copy of somebody's data as a page they can read; every word of theirs is escaped, nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from helpdesk.model.field import known, state_of
from helpdesk.services import Services
from helpdesk.text.fields import state_in_words

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

TOLD = frozenset(
    {
        "customers", "identities", "consents", "conversations", "messages", "pictures", "tickets", "letters",
        "promises", "ratings",
    }
)  # fmt: skip
"""Tables that the page tells in full; the others are in data.json, and counted here."""
CHANNELS = frozenset({"web", "wechat", "rest", "phone", "email"})
HEAD = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'unsafe-inline'">
<title>{title}</title><style>
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6; color: #222;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif }}
h1 {{ font-size: 1.4rem }} h2 {{ font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #ddd }}
h3 {{ font-size: 1rem }} dt, .faint {{ color: #666 }} dd {{ margin: 0 0 .5rem; white-space: pre-wrap }}
p {{ white-space: pre-wrap; overflow-wrap: anywhere }} img {{ max-width: 100% }}
</style></head><body>
"""


class Page:
    """What every part needs: wording, rows, the texts of privacy notices by version, picture id -> file beside it."""

    def __init__(self, services: Services, tables: Tables, texts: Mapping[str, str], files: Mapping[str, str]) -> None:
        self._company = services.company
        self._wording = services.wording
        self._tables, self._texts, self._files = tables, texts, files

    def document(self, number: str, at: datetime) -> str:
        """The whole document."""
        return "\n".join(self._lines(number, at))

    def _lines(self, number: str, at: datetime) -> Iterator[str]:
        title = self._say("title")
        yield HEAD.format(title=escape(title))
        yield f"<h1>{escape(title)}</h1>"
        yield self._paragraph(self._say("intro", at=self._at(at), number=number))
        told = self._company.told_of_personal_data
        yield self._paragraph(self._say("kept", kept=told["kept"], rights=told["rights"]))
        for name, part in self._parts().items():
            yield f"<h2>{escape(self._say(name))}</h2>"
            yield "\n".join(part) or self._paragraph(self._say("nothing"), "faint")
        yield "</body></html>"

    def _parts(self) -> dict[str, list[str]]:
        return {
            "who": list(self._who()),
            "consents": [self._paragraph(self._consent(row)) for row in self._tables["consents"]],
            "talks": [line for row in self._tables["conversations"] for line in self._talk(row)],
            "tickets": [line for row in self._tables["tickets"] for line in self._ticket(row)],
            "letters": [self._paragraph(str(row["text"])) for row in self._tables["letters"] if row["text"]],
            "promises": [self._paragraph(self._promise(row)) for row in self._tables["promises"]],
            "ratings": [self._paragraph(self._rating(row)) for row in self._tables["ratings"]],
            "rest": [
                self._paragraph(self._rest(name)) for name, rows in self._tables.items() if rows and name not in TOLD
            ],
        }

    def _who(self) -> Iterator[str]:
        rows = self._tables["customers"]
        for name in ("name", "phone", "email"):
            values = dict.fromkeys(str(row[name]) for row in rows if row[name])
            yield self._term(self._say(name), "、".join(values) or self._say("nothing"))
        channels = dict.fromkeys(self._channel(row) for row in self._tables["identities"])
        yield self._term(self._say("channels"), "、".join(channels) or self._say("nothing"))

    def _consent(self, row: Row) -> str:
        line = self._say("consent", at=self._at(row["at"]), version=row["version"], text=self._texts[row["version"]])
        if row["withdrawn_at"] is None:
            return line
        return line + self._say("consent_withdrawn", at=self._at(row["withdrawn_at"]))

    def _talk(self, row: Row) -> Iterator[str]:
        yield f"<h3>{escape(self._say('talk', channel=self._channel(row), at=self._at(row['opened_at'])))}</h3>"
        theirs = (one for one in self._tables["messages"] if one["conversation_id"] == row["id"])
        for one in sorted(theirs, key=lambda message: int(message["seq"])):
            author = self._say(f"author_{one['author']}")
            shown = self._picture(one["image"])
            if one["text"] or shown:
                yield self._paragraph(f"{self._at(one['at'])} {author}：{one['text']}") + shown

    def _picture(self, image: str | None) -> str:
        file = self._files.get((image or "").rsplit("/", 1)[-1])
        if file is None:
            return ""
        return f'<p><img src="{escape(file)}" alt="{escape(self._say("picture", file=file))}"></p>'

    def _ticket(self, row: Row) -> Iterator[str]:
        render = self._wording.render
        kind, status = render(f"kind_{row['kind']}"), render(f"status_{row['status']}")
        yield f"<h3>{escape(self._say('ticket', number=row['number'], kind=kind, status=status))}</h3>"
        for name, value in row["fields"].items():
            spec = self._company.fields.get(name)
            if spec is not None:
                yield self._term(spec.title, self._value(name, value))
                yield from (self._picture(str(one)) for one in value if isinstance(value, list))

    def _value(self, name: str, value: Any) -> str:
        state = state_of(value)
        if state is not None:
            return state_in_words(self._wording, name, state)
        choices = {one.value: one.title for one in self._company.fields[name].choices}
        values = value if isinstance(value, list) else [known(value)]
        return "、".join(choices.get(str(one), str(one)) for one in values)

    def _promise(self, row: Row) -> str:
        state = self._say(f"state_{row['state']}")
        return self._say("promise", text=row["text"], at=self._at(row["due_at"]), state=state)

    def _rating(self, row: Row) -> str:
        return self._say("rating", at=self._at(row["at"]), score=row["score"], comment=row["comment"] or "")

    def _rest(self, name: str) -> str:
        return self._say("rest_line", what=name, count=len(self._tables[name]))

    def _channel(self, row: Row) -> str:
        name = str(row["channel"])
        return self._wording.render(f"channel_{name}") if name in CHANNELS else name

    def _at(self, at: datetime) -> str:
        return f"{at.astimezone(self._company.profile.zone):%Y-%m-%d %H:%M}"

    def _say(self, key: str, **fields: Any) -> str:
        return self._wording.render(f"export_{key}", **fields)

    @staticmethod
    def _term(title: str, value: str) -> str:
        return f"<dl><dt>{escape(title)}</dt><dd>{escape(value)}</dd></dl>"

    @staticmethod
    def _paragraph(text: str, kind: str = "") -> str:
        return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"
