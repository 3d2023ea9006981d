"""The pure parts of the WeChat protocol, against an independent implementation."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.utils import WeChatSigner

from helpdesk.channels.wechat import menu, signature, text, xml
from helpdesk.channels.wechat.crypto import Envelope
from helpdesk.channels.wechat.nonces import signed
from helpdesk.errors import InvalidInput

AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
APP_ID = "wx1234567890abcdef"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_signatures_agree_with_the_independent_signer(parts: list[str]) -> None:
    signer = WeChatSigner()
    signer.add_data(*parts)
    assert signature.sign(*parts) == signer.signature
    assert signature.matches(signer.signature, *parts)


def test_a_wrong_signature_is_refused() -> None:
    assert not signature.matches("0" * 40, "token", "1", "2")
    assert not signature.matches("签名", "token", "1", "2")


@pytest.mark.parametrize("seconds, fresh", [(0, True), (299, True), (-299, True), (301, False), (-301, False)])
def test_a_timestamp_far_off_the_clock_is_stale(seconds: int, fresh: bool) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert signature.is_fresh(stamp, NOW) is fresh


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "９９", "9" * 40])
def test_an_unreadable_timestamp_is_stale(stamp: str) -> None:
    assert not signature.is_fresh(stamp, NOW)


def test_what_was_signed_is_told_apart_by_time_nonce_and_content_not_by_order() -> None:
    first = signed("1", "2", {"a": "1", "b": "2"})
    assert first == signed("1", "2", {"b": "2", "a": "1"})
    others = [signed("1", "3", {"a": "1", "b": "2"}), signed("2", "2", {"a": "1", "b": "2"})]
    assert {one.key for one in others}.isdisjoint({first.key})
    assert signed("1", "2", {"a": "1"}).content != first.content


@given(st.text(max_size=600))
def test_the_independent_side_opens_what_we_seal(content: str) -> None:
    sealed = Envelope(AES_KEY, APP_ID).seal(content)
    from wechatpy.crypto import PrpCrypto

    key = base64.b64decode(AES_KEY + "=")
    assert PrpCrypto(key).decrypt(sealed, APP_ID) in (content, content.encode())


def test_we_open_what_the_independent_side_seals() -> None:
    from wechatpy.crypto import PrpCrypto

    sealed = PrpCrypto(base64.b64decode(AES_KEY + "=")).encrypt("<xml>您好</xml>", APP_ID)
    sealed = sealed.decode() if isinstance(sealed, bytes) else sealed
    assert Envelope(AES_KEY, APP_ID).open(sealed).decode() == "<xml>您好</xml>"


def test_another_account_cannot_be_opened() -> None:
    sealed = Envelope(AES_KEY, "wx_other").seal("hello")
    with pytest.raises(InvalidInput):
        Envelope(AES_KEY, APP_ID).open(sealed)
    with pytest.raises(InvalidAppIdException):
        WeChatCrypto("token", AES_KEY, APP_ID)._decrypt_message(
            {"Encrypt": sealed},
            signature.sign("token", "1", "2", sealed),
            "1",
            "2",
            __import__("wechatpy.crypto", fromlist=["PrpCrypto"]).PrpCrypto,
        )


@given(st.binary(max_size=200))
def test_rubbish_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        Envelope(AES_KEY, APP_ID).open(base64.b64encode(data).decode())


def test_a_short_key_stops_the_start() -> None:
    with pytest.raises(ValueError, match="WECHAT_AES_KEY"):
        Envelope("short", APP_ID)


TEXT = (
    b"<xml><ToUserName>gh_1</ToUserName><FromUserName>o_1</FromUserName><CreateTime>1</CreateTime>"
    b"<MsgType>text</MsgType><Content><![CDATA[<b>\xe6\x82\xa8\xe5\xa5\xbd</b>]]></Content><MsgId>77</MsgId></xml>"
)


def test_text_is_read_and_markup_stays_text() -> None:
    incoming = xml.parse(TEXT)
    assert (incoming.from_user, incoming.type, incoming.get("Content")) == ("o_1", "text", "<b>您好</b>")
    assert incoming.external_id == "77"


def test_events_are_told_apart_by_time_and_key() -> None:
    body = TEXT.replace(b"text</MsgType>", b"event</MsgType><Event>CLICK</Event><EventKey>menu_1</EventKey>")
    assert xml.parse(body).external_id == "1:click:menu_1"


def test_what_wechat_repeats_is_read_entry_by_entry_and_nothing_else_comes_twice() -> None:
    head = "<xml><FromUserName>o</FromUserName><MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event>"
    entry = "<List><TemplateId>{}</TemplateId><SubscribeStatusString>{}</SubscribeStatusString></List>"
    entries = "".join(entry.format(*one) for one in (("t1", "accept"), ("t2", "reject"), ("t3", "")))
    read = xml.parse(f"{head}<SubscribeMsgPopupEvent>{entries}</SubscribeMsgPopupEvent></xml>".encode())
    told = read.entries("SubscribeMsgPopupEvent.List", "TemplateId", "SubscribeStatusString")
    assert list(told) == [("t1", "accept"), ("t2", "reject"), ("t3", "")]
    assert list(read.entries("Elsewhere.List", "TemplateId")) == []
    with pytest.raises(InvalidInput):
        xml.parse(f"{head}<Event>again</Event></xml>".encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<xml>",
        b"<xml></xml>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><MsgType>&b;</MsgType></xml>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><MsgType>&e;</MsgType></xml>',
        os.urandom(64),
    ],
)
def test_bombs_and_rubbish_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        xml.parse(body)


def test_a_reply_turns_the_addresses_round_and_keeps_cdata_closed() -> None:
    reply = xml.parse(xml.text_reply(xml.parse(TEXT), "a]]><x>b", 5).encode())
    assert (reply.to_user, reply.from_user, reply.get("Content")) == ("o_1", "gh_1", "a]]><x>b")


@given(st.text(alphabet="您好。！abc \n😀", max_size=400), st.integers(min_value=16, max_value=64))
def test_splitting_keeps_every_character_within_the_limit(content: str, limit: int) -> None:
    parts = text.split(content, limit)
    assert all(0 < text.size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(content.split())


def test_what_people_see_as_one_character_is_never_cut() -> None:
    family, flag, accent = "👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "e\u0301"
    for character in (family, flag, accent, "👍🏽", "1\ufe0f\u20e3"):
        parts = text.split(character * 40, 64)
        assert len(parts) > 1
        assert all(set(part.replace(character, "")) == set() for part in parts)


def test_a_character_larger_than_a_message_is_cut_all_the_same() -> None:
    parts = text.split("e" + "\u0301" * 200, 64)
    assert all(text.size(part) <= 64 for part in parts)


MENU = [{"title": "投诉", "payload": "b:1"}, {"title": "查订单", "payload": "b:2"}]


@pytest.mark.parametrize(
    "said, payload",
    [
        ("1", "b:1"),
        ("２", "b:2"),
        ("选2", "b:2"),
        ("第二个", "b:2"),
        ("二", "b:2"),
        ("查订单", "b:2"),
        ("3", None),
        ("二百", None),
        ("12345", None),
    ],
)
def test_choices_by_number_and_title(said: str, payload: str | None) -> None:
    assert menu.chosen(said, MENU) == payload
