"""The account's settings; names are those of WeChat's console."""

from __future__ import annotations

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from helpdesk.settings import SettingsMissing

API_BASE = "https://api.weixin.qq.com"
AES_KEY_LENGTH = 43


class WeChatSettings(BaseSettings):
    """All empty: the channel is off. Times are seconds, windows hours."""

    model_config = SettingsConfigDict(
        env_prefix="WECHAT_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    token: SecretStr = SecretStr("")
    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")  # empty: plain mode only; set: both modes are accepted
    api_base: str = API_BASE
    template_id: str = ""  # of the template message by which notices go out of the window; empty: none
    subscription_id: str = ""  # of the subscription message that customers may allow; empty: none
    passive_wait: float = Field(3.3, ge=0, le=3.7)  # WeChat hangs up after five seconds; a crowd needs a margin
    repeat_window: float = 15.0  # a repeat within this gets the same passive answer again
    window_hours: float = 48.0  # after the customer's last message nothing may be sent
    budget: int = Field(5, ge=1)  # messages by the API for each message of the customer

    @property
    def is_on(self) -> bool:
        """Whether the channel is configured."""
        return bool(self.token.get_secret_value())

    @model_validator(mode="after")
    def _complete(self) -> WeChatSettings:
        if self.is_on and not self.app_id:
            raise SettingsMissing("WECHAT_APP_ID is not set; the WeChat channel needs it beside WECHAT_TOKEN")
        if self.is_on and not self.app_secret.get_secret_value():
            raise SettingsMissing("WECHAT_APP_SECRET is not set; the WeChat channel needs it to send answers")
        key = self.aes_key.get_secret_value()
        if key and len(key) != AES_KEY_LENGTH:
            raise SettingsMissing(f"WECHAT_AES_KEY must have {AES_KEY_LENGTH} characters")
        return self
