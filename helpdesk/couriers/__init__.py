"""Notices outside the chat: by short message, by e-mail, by WeChat's templates."""

from helpdesk.couriers.mail import MailCourier
from helpdesk.couriers.mailbox import Mailbox
from helpdesk.couriers.rounds import Rounds
from helpdesk.couriers.settings import ImapSettings, MailSettings, SmsSettings
from helpdesk.couriers.sms import SmsCourier

__all__ = ["ImapSettings", "MailCourier", "MailSettings", "Mailbox", "Rounds", "SmsCourier", "SmsSettings"]
