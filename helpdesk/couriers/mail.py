"""Letters by e-mail: as text, as HTML, as a PDF, and with the link to the follow-up page."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from html import escape

import aiosmtplib

from helpdesk.couriers.paper import set_sheet, sheet_of
from helpdesk.couriers.settings import MailSettings
from helpdesk.model.delivery import Verdict
from helpdesk.model.notice import Answer, Errand, Way
from helpdesk.services import Services

TIMEOUT_S = 20.0
TEMPORARY = range(400, 500)
SIGN_IN = frozenset({530, 534, 535, 538})
"""We are not let in: that is ours to mend and says nothing about the letter, which waits."""
PAGE = """<!doctype html><html lang="zh-CN"><body style="margin:0;padding:24px;background:#f4f5f6">
<div style="max-width:640px;margin:0 auto;padding:28px;background:#fff;border-radius:12px;color:#1d2129;
font:16px/1.7 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif">
<p style="margin:0 0 16px;font-size:18px;font-weight:600;color:{colour}">{company}</p>
{paragraphs}
<p style="margin:24px 0"><a href="{link}" style="display:inline-block;padding:12px 24px;border-radius:22px;
background:{colour};color:#fff;text-decoration:none">{button}</a></p>
<p style="margin:0;color:#5d6470;font-size:14px">{foot}</p></div></body></html>"""


class MailCourier:
    """One server; a connection a letter."""

    way = Way.EMAIL

    def __init__(self, services: Services, settings: MailSettings) -> None:
        self._services = services
        self.settings = settings

    async def close(self) -> None:
        """Nothing is kept open."""

    async def carry(self, errand: Errand) -> Answer:
        """Hand a letter to the server; a connection lost on the way leaves it unknown, and it is not sent again."""
        message = letter(self._services, self.settings, errand)
        sheet = await set_sheet(sheet_of(self._services, errand.title, errand.text))
        message.add_attachment(sheet, maintype="application", subtype="pdf", filename=f"{errand.title}.pdf")
        known = self.settings
        try:
            await aiosmtplib.send(
                message,
                hostname=known.host,
                port=known.port,
                use_tls=known.security == "tls",
                start_tls=known.security == "starttls",
                username=known.user or None,
                password=known.password.get_secret_value() or None,
                timeout=TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return refusal(error)
        return Answer(Verdict.SENT, external_id=message["Message-ID"])


def refusal(error: Exception) -> Answer:
    """What an error of the server means; its words are kept, they never hold our password."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        if error.code in SIGN_IN:
            return Answer(Verdict.BUSY, reason)
        return Answer(Verdict.RETRY if error.code in TEMPORARY else Verdict.FAILED, reason)
    if isinstance(error, (aiosmtplib.SMTPConnectError, ConnectionRefusedError)):
        return Answer(Verdict.RETRY, reason)
    is_lost = isinstance(error, (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError))
    return Answer(Verdict.UNKNOWN if is_lost else Verdict.FAILED, reason)


def _foot(services: Services, settings: MailSettings) -> str:
    """Whether an answer to the letter is read by anybody."""
    is_answered = services.mailbox is not None or bool(settings.reply_token.get_secret_value())
    return "notice_mail_foot_answered" if is_answered else "notice_mail_foot"


def letter(services: Services, settings: MailSettings, errand: Errand) -> EmailMessage:
    """The message: its `Message-ID` names the errand, so that an answer finds its ticket."""
    render, profile, sender = services.wording.render, services.company.profile, settings.sender
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((profile.name, sender))
    message["To"] = errand.address
    message["Subject"] = render("notice_mail_subject", title=errand.title)
    message["Date"] = format_datetime(services.clock.now())
    message["Message-ID"] = f"<{errand.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    foot = render(_foot(services, settings), days=services.company.notices.link_days)
    message.set_content(f"{errand.text}\n\n{render('notice_mail_button')}：{errand.link}\n{foot}\n", cte="base64")
    message.add_alternative(page(services, errand, foot), subtype="html", cte="base64")
    return message


def page(services: Services, errand: Errand, foot: str) -> str:
    """The same as HTML; every value is escaped."""
    profile = services.company.profile
    paragraphs = "\n".join(f"<p style='margin:0 0 12px'>{escape(line)}</p>" for line in errand.text.splitlines())
    return PAGE.format(
        colour=profile.brand_colour,
        company=escape(profile.name),
        paragraphs=paragraphs,
        link=escape(errand.link, quote=True),
        button=escape(services.wording.render("notice_mail_button")),
        foot=escape(foot),
    )
