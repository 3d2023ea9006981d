"""The WeChat Official Account channel."""

from helpdesk.channels.wechat.account import CHANNEL, Account
from helpdesk.channels.wechat.callback import router
from helpdesk.channels.wechat.notices import WeChatCourier
from helpdesk.channels.wechat.settings import WeChatSettings

__all__ = ["CHANNEL", "Account", "WeChatCourier", "WeChatSettings", "router"]
