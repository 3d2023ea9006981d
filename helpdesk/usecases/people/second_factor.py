"""The second factor: a code that changes every 30 seconds (TOTP, RFC 6238), from a secret kept in a telephone.

The secret is kept sealed with the service's secret key, so that a copy of the database alone gives no codes. A code
counts for half a minute before and after its own, and once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken

from helpdesk.errors import Conflict, InvalidInput, Reason
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.tables import Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.attempts import Throttle
from helpdesk.usecases.people import news
from helpdesk.usecases.people.lookup import locked_person

STEP_SECONDS = 30
CONFIRMING = Throttle("second_factor", 10)


@dataclass(frozen=True)
class Offer:
    """A secret that is not in use yet: to type, as an address, and as a picture (SVG) that a telephone reads."""

    secret: str
    uri: str
    picture: str


def _seal(settings: Settings) -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.secret_key.get_secret_value().encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _opened(settings: Settings, sealed: str | None) -> str | None:
    """The secret; None where there is none, or the secret key is another one now."""
    try:
        return _seal(settings).decrypt(sealed.encode()).decode() if sealed else None
    except InvalidToken:
        return None


def step_of(settings: Settings, sealed: str | None, code: str, now: datetime) -> int | None:
    """The number of the half minute whose code this is, around `now`; None for a wrong code."""
    secret = _opened(settings, sealed)
    if secret is None:
        return None
    present, codes = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    given = "".join(code.split()).encode()
    steps = (present, present - 1, present + 1)
    return next((step for step in steps if hmac.compare_digest(codes.generate_otp(step).encode(), given)), None)


async def use(services: Services, staff_id: str, code: str) -> bool:
    """Whether somebody's code is right, now and for the first time."""
    now = services.clock.now()
    async with services.db.write() as uow:
        staff = await locked_person(uow, staff_id)
        step = step_of(services.settings, staff.totp_secret, code, now)
        if step is None or step <= staff.totp_step:
            return False
        staff.totp_step = step
        await uow.commit()
    return True


async def offer(services: Services, staff_id: str) -> Offer:
    """A new secret for somebody; it counts once they have shown a code of it.

    Raises:
        Conflict: they have a second factor.
    """
    secret = pyotp.random_base32()
    async with services.db.write() as uow:
        staff = await locked_person(uow, staff_id)
        if staff.totp_secret is not None:
            raise Conflict("second_factor_on")
        staff.totp_offered = _seal(services.settings).encrypt(secret.encode()).decode()
        await uow.commit()
    issuer = services.company.profile.name
    uri = pyotp.TOTP(secret).provisioning_uri(name=f"{staff.name} {staff.number}", issuer_name=issuer)
    return Offer(secret, uri, segno.make(uri, error="m").svg_data_uri(scale=5, border=2, dark="#1d2129", light="#fff"))


async def confirm(services: Services, staff_id: str, code: str) -> None:
    """Somebody's telephone shows the right code: from now on it is asked for at every sign-in.

    Raises:
        InvalidInput: it is not the right code. Conflict: no secret was offered. TooManyTries.
    """
    async with services.db.write() as uow:
        await CONFIRMING.check(uow.session, staff_id, uow.now, "codes_too_many")
        staff = await locked_person(uow, staff_id)
        if staff.totp_offered is None:
            raise Conflict("second_factor_not_offered")
        step = step_of(services.settings, staff.totp_offered, code, uow.now)
        if step is None:
            CONFIRMING.note(uow, staff_id)
            await uow.commit()
            raise InvalidInput.at({"code": Reason("code_wrong")})
        staff.totp_secret, staff.totp_offered, staff.totp_step = staff.totp_offered, None, step
        audit.note(uow, audit.by_staff(staff_id), "second_factor_on", staff_id)
        await news.changed(services, uow)
        await uow.commit()


async def drop(services: Services, staff_id: str, code: str) -> None:
    """Somebody signs in without a code from now on, or wants another telephone's.

    Raises:
        InvalidInput: the code is not right. TooManyTries.
    """
    now = services.clock.now()
    async with services.db.read() as uow:
        await CONFIRMING.check(uow.session, staff_id, now, "codes_too_many")
    if not await use(services, staff_id, code):
        async with services.db.write(now) as uow:
            CONFIRMING.note(uow, staff_id)
            await uow.commit()
        raise InvalidInput.at({"code": Reason("code_wrong")})
    await reset(services, staff_id, audit.by_staff(staff_id))


async def reset(services: Services, staff_id: str, actor: str) -> Staff:
    """A telephone is lost: its codes count no more. Where a code is required, a new telephone is set up at once.

    Raises:
        NotFound.
    """
    async with services.db.write() as uow:
        staff = await locked_person(uow, staff_id)
        staff.totp_secret = staff.totp_offered = None
        audit.note(uow, actor, "second_factor_off", staff_id)
        await news.changed(services, uow)
        await uow.commit()
    return staff
