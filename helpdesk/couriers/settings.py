"""Addresses and secrets of what carries notices; a way without an address is off."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from helpdesk.settings import SettingsMissing


def _config(prefix: str) -> SettingsConfigDict:
    return SettingsConfigDict(
        env_prefix=prefix, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )


class SmsSettings(BaseSettings):
    """The vendor of short messages; what it wants to be called with is in company/notices.yml."""

    model_config = _config("SMS_")

    url: str = ""  # empty: no short messages
    secret: SecretStr = SecretStr("")
    receipt_token: SecretStr = SecretStr("")  # empty: receipts are not taken

    @model_validator(mode="after")
    def _complete(self) -> SmsSettings:
        if self.url and not self.secret.get_secret_value():
            raise SettingsMissing("SMS_SECRET is not set; short messages need it beside SMS_URL")
        return self


class MailSettings(BaseSettings):
    """The server that takes our mail."""

    model_config = _config("SMTP_")

    host: str = ""  # empty: no mail
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = ""  # the address that letters come from
    reply_token: SecretStr = SecretStr("")  # for whoever hands answers on to us; empty: none are taken that way

    @model_validator(mode="after")
    def _complete(self) -> MailSettings:
        if self.host and "@" not in self.sender:
            raise SettingsMissing("SMTP_SENDER is not set; letters by mail need an address to come from")
        if self.user and not self.password.get_secret_value():
            raise SettingsMissing("SMTP_PASSWORD is not set; SMTP_USER signs in with it")
        return self


class ImapSettings(BaseSettings):
    """The mailbox to which customers answer our letters."""

    model_config = _config("IMAP_")

    host: str = ""  # empty: no mailbox is looked at
    port: int = Field(993, ge=1, le=65535)
    security: Literal["tls", "none"] = "tls"
    user: str = ""
    password: SecretStr = SecretStr("")
    folder: str = "INBOX"
    every: float = Field(60.0, gt=0)  # seconds

    @model_validator(mode="after")
    def _complete(self) -> ImapSettings:
        if self.host and not (self.user and self.password.get_secret_value()):
            raise SettingsMissing("IMAP_USER or IMAP_PASSWORD is not set; IMAP_HOST needs both")
        return self
