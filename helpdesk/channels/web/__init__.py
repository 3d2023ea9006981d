"""The web channel: Socket.IO on `/socket.io`."""

from helpdesk.channels.web.origins import OriginRule
from helpdesk.channels.web.pump import pump
from helpdesk.channels.web.server import WebChat

__all__ = ["OriginRule", "WebChat", "pump"]
