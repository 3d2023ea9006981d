"""What WeChat posts and what it accepts as a passive reply. Entity expansion and external entities are off."""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count, takewhile
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from helpdesk.errors import InvalidInput

SUCCESS = "success"
DEEPEST = 8  # elements within each other; WeChat's go to three
LISTED = frozenset({"item", "List"})  # what WeChat repeats: pictures taken by a menu, answers about templates
NAMEABLE = 100  # characters; a longer key is told apart by its digest

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#([0-9]{1,9}|[xX][0-9a-fA-F]{1,8});")


@dataclass(frozen=True)
class Incoming:
    """One message or event. `values` holds every element's text by its path, e.g. `SendLocationInfo.Label`; what is
    repeated has its number from the second one on (`SubscribeMsgPopupEvent.List2.TemplateId`)."""

    to_user: str
    from_user: str
    created: str
    type: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_event(self) -> bool:
        return self.type == "event"

    @property
    def event(self) -> str:
        return self.values.get("Event", "").lower()

    @property
    def external_id(self) -> str:
        """What makes a delivery a repeat: MsgId; for events sender, time, event and its key."""
        if not self.is_event and self.values.get("MsgId"):
            return self.values["MsgId"]
        key = self.values.get("EventKey", "")
        kind = self.event or self.type
        plain = f"{self.created}:{kind}:{key}"
        return plain if len(plain) <= NAMEABLE and plain.isprintable() else hashlib.sha256(plain.encode()).hexdigest()

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def entries(self, path: str, *names: str) -> Iterator[tuple[str, ...]]:
        """What a repeated element holds under these names, one after the other."""
        places = chain([path], (f"{path}{number}" for number in count(2)))
        for place in takewhile(lambda one: any(f"{one}.{name}" in self.values for name in names), places):
            yield tuple(self.get(f"{place}.{name}") for name in names)


def parse(body: bytes) -> Incoming:
    """Read a plain message.

    Raises:
        InvalidInput: not XML, an XML bomb, an element twice, or no sender and type in it.
    """
    values = _flatten(_root(body))
    needed = [values.get(name, "").strip() for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType")]
    if not (needed[1] and needed[3]) or len(needed[1]) > 128:
        raise InvalidInput("call_not_readable", why="the message names no sender or type")
    return Incoming(needed[0], needed[1], needed[2], needed[3].lower(), values)


def encrypted_part(body: bytes) -> str | None:
    """The content of `<Encrypt>`, in safe and in compatible mode; None in plain mode."""
    sealed = _root(body).findall("Encrypt")
    if len(sealed) > 1:
        raise InvalidInput("call_not_readable", why="the message is sealed twice")
    return (sealed[0].text or None) if sealed else None


def text_reply(incoming: Incoming, text: str, now: int) -> str:
    """A passive text reply to `incoming`; `now` in Unix seconds."""
    return _document(
        ToUserName=incoming.from_user, FromUserName=incoming.to_user, CreateTime=str(now), MsgType="text", Content=text
    )


def sealed_reply(sealed: str, signature: str, timestamp: str, nonce: str) -> str:
    """The envelope of an encrypted passive reply."""
    return _document(Encrypt=sealed, MsgSignature=signature, TimeStamp=timestamp, Nonce=nonce)


def _root(body: bytes) -> Element:
    try:
        root: Element = fromstring(_allowed(body), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise InvalidInput("call_not_readable", why="the body is not an acceptable XML document") from None
    return root


def _allowed(body: bytes) -> str:
    """Without the characters that XML cannot hold: a customer's phone may send them, and the message counts."""
    return _FORBIDDEN.sub("", _REFERENCE.sub(_kept, body.decode("utf-8-sig", errors="replace")))


def _kept(reference: re.Match[str]) -> str:
    """A character by its number, unless it is one that XML cannot hold."""
    digits = reference[1]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_allowed = number <= sys.maxunicode and not _FORBIDDEN.fullmatch(chr(number))
    return reference[0] if is_allowed else ""


def _flatten(element: Element, prefix: str = "", depth: int = 0) -> dict[str, str]:
    if depth > DEEPEST:
        raise InvalidInput("call_not_readable", why="the message is nested too deeply")
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for child in element:
        path = f"{prefix}{child.tag}"
        seen[path] += 1
        if seen[path] > 1:
            if child.tag not in LISTED:
                raise InvalidInput("call_not_readable", why="an element comes twice")
            path = f"{path}{seen[path]}"
        if len(child):
            found.update(_flatten(child, f"{path}.", depth + 1))
        else:
            found[path] = child.text or ""
    return found


def _document(**elements: str) -> str:
    return "<xml>" + "".join(f"<{name}>{_cdata(value)}</{name}>" for name, value in elements.items()) + "</xml>"


def _cdata(value: str) -> str:
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
