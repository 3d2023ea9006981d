"""Safe mode: AES-256-CBC with the AppId inside.

Key = base64(EncodingAESKey + "="), IV = its first 16 bytes, PKCS#7 with block 32; the plain text is 16 random bytes,
a 4-byte big-endian length, the XML, the AppId. Source: WeChat documentation, "message encryption".
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from helpdesk.errors import InvalidInput

BLOCK = 32
RANDOM = 16
HEADER = RANDOM + 4


class Envelope:
    """Seals and opens messages for one account.

    Raises:
        ValueError: the EncodingAESKey is not 43 characters of base64.
    """

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        if len(encoding_aes_key) != 43:
            raise ValueError("WECHAT_AES_KEY must have 43 characters")
        self._key = base64.b64decode(encoding_aes_key + "=")
        self._app_id = app_id.encode()

    def seal(self, xml: str) -> str:
        """Encrypt an XML reply; the result goes into `<Encrypt>`."""
        content = xml.encode()
        plain = os.urandom(RANDOM) + struct.pack(">I", len(content)) + content + self._app_id
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(_pad(plain)) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> bytes:
        """Decrypt the content of `<Encrypt>`.

        Raises:
            InvalidInput: not base64, not ours, cut, or for another AppId. All look the same from outside.
        """
        try:
            data = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher().decryptor()
            plain = _unpad(decryptor.update(data) + decryptor.finalize())
            return self._content(plain)
        except (ValueError, binascii.Error, struct.error):
            raise InvalidInput("call_not_readable", why="the encrypted message cannot be opened") from None

    def _content(self, plain: bytes) -> bytes:
        (length,) = struct.unpack(">I", plain[RANDOM:HEADER])
        content, app_id = plain[HEADER : HEADER + length], plain[HEADER + length :]
        if len(content) != length or not hmac.compare_digest(app_id, self._app_id):
            raise ValueError("wrong length or AppId")
        return content

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def _pad(data: bytes) -> bytes:
    count = BLOCK - len(data) % BLOCK
    return data + bytes([count]) * count


def _unpad(data: bytes) -> bytes:
    count = data[-1] if data else 0
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise ValueError("wrong padding")
    return data[:-count]
