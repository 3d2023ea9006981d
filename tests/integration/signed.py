"""What WeChat puts into the address of a callback."""

from __future__ import annotations

from helpdesk.testing import now
from tests.support.wechat_server import TOKEN, sign


def query_of(nonce: str, stamp: str | None = None) -> dict[str, str]:
    stamp = str(int(now().timestamp())) if stamp is None else stamp
    return {"signature": sign(TOKEN, stamp, nonce), "timestamp": stamp, "nonce": nonce}
