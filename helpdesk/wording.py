"""What the service itself says: company/messages and company/letters, rendered with named fields and variants.

A file maps a key to one wording or to several variants. All variants of a key use the same fields, so
that none can fail where another worked. What the bot says is elsewhere: data/responses/.

A company that edited a file before an upgrade lacks the keys that are new in it. The product's own wording stands in:
that of the shipped file below an edit made at the desk, else that of the company folder beside this program. Which
keys are lent is told once (`lent`), so that somebody puts them into the company's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, ClassVar
from zlib import crc32

import structlog

from helpdesk.company import Company, CompanyFileError, letter_wordings
from helpdesk.errors import HelpdeskError, Reason

PRODUCT = Path(__file__).resolve().parent.parent / "company"
"""The company folder that this program came with."""

log = structlog.get_logger(__name__)

__all__ = ["MissingWording", "Wording", "load_wording"]


class MissingWording(HelpdeskError):
    """A wording, or a field of one, is missing: a mistake of ours that a test finds."""

    code: ClassVar[str] = "missing_wording"


Messages = Mapping[str, tuple[str, ...]]
"""Key -> its variants."""


class Wording:
    """The messages of the service; `everywhere` holds fields that are the same everywhere (company, hotline)."""

    def __init__(self, messages: Messages, everywhere: Mapping[str, str], own: Messages = MappingProxyType({})) -> None:
        """`own` are the product's, for what the company's lack."""
        self.lent = frozenset(own.keys() - messages.keys())
        self._own = dict(own)
        self._messages = {**own, **messages}
        self._everywhere = dict(everywhere)

    def tell_lent(self, told: frozenset[str] = frozenset()) -> None:
        """Name in the log what is lent, but for what was told before."""
        if keys := sorted(self.lent - told):
            log.warning("wordings_lent", keys=keys, why="the company's files lack them; the product's own stand in")

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
        given, seed = {**self._everywhere, **fields}, crc32(f"{key}:{variant_seed}".encode())
        try:
            return _one_of(self.variants(key), seed).format_map(given)
        except KeyError as missing:
            return self._lent_for(key, seed, given, str(missing))

    def _lent_for(self, key: str, seed: int, given: Mapping[str, Any], missing: str) -> str:
        """A wording from before an upgrade may ask for a field that nobody gives any more."""
        with suppress(KeyError):
            text = _one_of(self._own[key], seed).format_map(given)
            self.lent, told = self.lent | {key}, self.lent
            self.tell_lent(told)
            return text
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


def _one_of(variants: tuple[str, ...], seed: int) -> str:
    return variants[seed % len(variants)]


def field_names(template: str) -> frozenset[str]:
    """Names in braces: `{number}` -> number."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def load_wording(company: Company) -> Wording:
    """Read every file under company/messages and company/letters; an unusable one is a `CompanyFileError`."""
    everywhere = _everywhere(company)
    own: dict[str, tuple[str, ...]] = {}
    for root in _below(company):
        own |= _read(company.model_copy(update={"root": root, "edits": {}}), frozenset(everywhere))
    return Wording(_read(company, frozenset(everywhere)), everywhere, own)


def _below(company: Company) -> Iterator[Path]:
    """The folders whose words stand in for what is missing, the nearest last."""
    is_ours = company.root.resolve() == PRODUCT
    if not is_ours and PRODUCT.is_dir():
        yield PRODUCT
    if company.edits:
        yield company.root


def _read(company: Company, everywhere: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """A key that an upgrade moved to another file is the edited one's still."""
    found, edited = [*_messages(company), *letter_wordings(company)], {company.root / name for name in company.edits}
    of_edits = {key for file, key, _ in found if file in edited}
    messages: dict[str, tuple[str, ...]] = {}
    for file, key, value in found:
        if key in of_edits and file not in edited:
            continue
        if key in messages:
            raise CompanyFileError(file, key, "is already in another file")
        messages[key] = _variants(file, key, value, everywhere)
    return messages


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
