"""The link in a notice: it opens one ticket on the follow-up page, once, and until it is too old.

Its token is made from the secret key and the row's id, so that nothing has to be kept that would open it; the database
has the token's hash. The token stands behind `#`, where no server, no log and no preview of a messenger sees it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from helpdesk.services import Services
from helpdesk.settings import Settings

TOKEN_BYTES = 15  # 120 bits, and no padding
TOKEN = re.compile(r"[A-Za-z0-9_-]{20}")


def token_of(settings: Settings, try_id: str) -> str:
    """The token of one way of a notice: 20 characters."""
    key = settings.secret_key.get_secret_value().encode()
    made = hmac.new(key, f"notice link:{try_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:TOKEN_BYTES]).decode()


def link_of(services: Services, try_id: str) -> str:
    """The whole link."""
    return f"{services.company.profile.page_to_follow}#{token_of(services.settings, try_id)}"
