"""What the service itself says: company/messages and company/letters, rendered with named fields and variants.

A file maps a key to one wording or to several variants. All variants of a key use the same fields, so
that none can fail where another worked. What the bot says is elsewhere: data/responses/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar
from zlib import crc32

from helpdesk.company import Company, CompanyFileError, letter_wordings
from helpdesk.errors import HelpdeskError, Reason

__all__ = ["MissingWording", "Wording", "load_wording"]


class MissingWording(HelpdeskError):
    """A wording, or a field of one, is missing: a mistake of ours that a test finds."""

    code: ClassVar[str] = "missing_wording"


class Wording:
    """The messages of the service; `everywhere` holds fields that are the same everywhere (company, hotline)."""

    def __init__(self, messages: Mapping[str, tuple[str, ...]], everywhere: Mapping[str, str]) -> None:
        self._messages = dict(messages)
        self._everywhere = dict(everywhere)

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._messages)

    @property
    def everywhere(self) -> Mapping[str, str]:
        """The fields that may be used everywhere, with their values."""
        return self._everywhere

    def variants(self, key: str) -> tuple[str, ...]:
        """The wordings of a key, fields not filled in."""
        try:
            return self._messages[key]
        except KeyError:
            raise MissingWording(why=f"no wording {key!r} in company/messages") from None

    def fields_of(self, key: str) -> frozenset[str]:
        """The fields a caller has to give for `key`."""
        return field_names(self.variants(key)[0]) - self._everywhere.keys()

    def render(self, key: str, /, *, variant_seed: str = "", **fields: Any) -> str:
        """One variant with its fields filled in; the same seed gives the same variant.

        Raises:
            MissingWording: no such key, or a field of it was not given.
        """
        variants = self.variants(key)
        chosen = variants[crc32(f"{key}:{variant_seed}".encode()) % len(variants)]
        try:
            return chosen.format_map({**self._everywhere, **fields})
        except KeyError as missing:
            raise MissingWording(why=f"wording {key!r} lacks its field {missing}") from None

    def refusal(self, error: HelpdeskError) -> str:
        """What whoever was refused reads."""
        return self.why(Reason(error.reason, **error.details), error.code)

    def why(self, reason: Reason, otherwise: str = HelpdeskError.code) -> str:
        """The sentence of a reason; never an error of its own.

        An edition of the company's words may be older than the program: what has no sentence in it is said as
        `otherwise`, the key of its kind.
        """
        fills = {name: self._filled(value) for name, value in reason.fills.items()}
        for key in (reason.key, otherwise, HelpdeskError.code):
            with suppress(MissingWording):
                return self.render(key, **fills)
        return reason.key

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Reason):
            return self.why(value)
        return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def field_names(template: str) -> frozenset[str]:
    """Names in braces: `{number}` -> number."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def load_wording(company: Company) -> Wording:
    """Read every file under company/messages and company/letters; an unusable one is a `CompanyFileError`."""
    messages: dict[str, tuple[str, ...]] = {}
    everywhere = _everywhere(company)
    for file, key, value in (*_messages(company), *letter_wordings(company)):
        if key in messages:
            raise CompanyFileError(file, key, "is already in another file")
        messages[key] = _variants(file, key, value, frozenset(everywhere))
    return Wording(messages, everywhere)


def _messages(company: Company) -> Iterator[tuple[Path, str, Any]]:
    for name in company.names_in("messages"):
        file, content = company.root / name, company.read(name)
        if not isinstance(content, dict):
            raise CompanyFileError(file, "(file)", "must map keys to wordings")
        yield from ((file, key, value) for key, value in content.items())


def _variants(file: Path, key: str, value: Any, everywhere: frozenset[str]) -> tuple[str, ...]:
    wordings = [value] if isinstance(value, str) else value
    if not isinstance(wordings, list) or not wordings or not all(isinstance(w, str) and w.strip() for w in wordings):
        raise CompanyFileError(file, key, "must be a wording or a list of wordings")
    if len({_parsed(file, key, wording) - everywhere for wording in wordings}) > 1:
        raise CompanyFileError(file, key, "its variants do not use the same fields")
    return tuple(wording.strip() for wording in wordings)


def _parsed(file: Path, key: str, wording: str) -> frozenset[str]:
    try:
        return field_names(wording)
    except ValueError as error:
        raise CompanyFileError(file, key, f"braces are not balanced: {error}") from error


def _everywhere(company: Company) -> dict[str, str]:
    profile = company.profile
    return {
        "company": profile.name,
        "assistant": profile.assistant,
        "hotline": profile.hotline,
        "hours": company.opening_hours.text,
        "follow_page": profile.page_to_follow,
        "appeal_days": str(company.limits.appeal_days),
    }
