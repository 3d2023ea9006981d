"""Every recorded request and reply: signatures and seals as WeChat makes them, and what its API's answers mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto

from helpdesk.channels.wechat import api, signature, xml
from helpdesk.channels.wechat.crypto import Envelope
from helpdesk.errors import InvalidInput
from helpdesk.model.delivery import Verdict

FIXTURES = Path(api.__file__).parent / "fixtures"
Json = dict[str, Any]


def recorded(folder: str) -> Mapping[str, Json]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((FIXTURES / folder).glob("*.json"))}


MODES = recorded("modes")
REQUESTS = {name: one for name, one in MODES.items() if "query" in one}
ANSWERS = {name: one for name, one in recorded("api").items() if name.startswith("send_") or name.endswith("_ok")}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_recorded_request_is_judged_as_written(name: str) -> None:
    one = REQUESTS[name]
    account, query = one["account"], one["query"]
    sealed = xml.encrypted_part(one["body"].encode()) if one["body"] else None
    signed = (account["token"], query["timestamp"], query["nonce"])
    is_right = signature.matches(query["signature"], *signed)
    if sealed:
        is_right = is_right and signature.matches(query["msg_signature"], *signed, sealed)
    assert is_right is (one["meaning"] != "not_allowed")
    if not (sealed and is_right):
        return
    envelope = Envelope(account["aes_key"], account["app_id"])
    if one["meaning"] == "invalid_input":
        with pytest.raises(InvalidInput):
            envelope.open(sealed)
        return
    assert xml.parse(envelope.open(sealed)) == xml.parse((FIXTURES / "messages" / "text.xml").read_bytes())


def test_our_replies_look_like_the_recorded_ones() -> None:
    incoming = xml.parse((FIXTURES / "messages" / "text.xml").read_bytes())
    recorded_reply = MODES["reply_plain"]
    assert xml.text_reply(incoming, recorded_reply["text"], 1795000001) == recorded_reply["body"]
    assert MODES["reply_success"]["body"] == xml.SUCCESS


def test_our_seal_is_opened_by_the_independent_side_as_the_recorded_one() -> None:
    account = MODES["safe"]["account"]
    independent = WeChatCrypto(account["token"], account["aes_key"], account["app_id"])
    plain = MODES["reply_plain"]["body"]
    sealed = Envelope(account["aes_key"], account["app_id"]).seal(plain)
    stamp, nonce = "1795000000", "19"
    ours = xml.sealed_reply(sealed, signature.sign(account["token"], stamp, nonce, sealed), stamp, nonce)
    for envelope, signed in ((ours, None), (MODES["reply_safe"]["body"], None)):
        values = xml._flatten(xml._root(envelope.encode()))
        opened = independent.decrypt_message(envelope, signed or values["MsgSignature"], stamp, nonce)
        assert opened in (plain, plain.encode())


MEANINGS = {
    "sent": Verdict.SENT,
    "retry": Verdict.RETRY,
    "busy": Verdict.BUSY,
    "out_of_window": Verdict.OUT_OF_WINDOW,
    "over_budget": Verdict.OVER_BUDGET,
    "no_api": Verdict.NO_API,
    "failed": Verdict.FAILED,
}


@pytest.mark.parametrize("name", [name for name, one in ANSWERS.items() if one["meaning"] in MEANINGS])
def test_a_recorded_answer_means_what_is_written(name: str) -> None:
    one = ANSWERS[name]
    assert api.VERDICTS.get(one["response"]["errcode"], Verdict.FAILED) is MEANINGS[one["meaning"]]


def test_every_refused_token_is_known() -> None:
    refused = {one["response"]["errcode"] for one in ANSWERS.values() if one["meaning"] == "fresh_token"}
    assert refused == api.TOKEN_REFUSED
