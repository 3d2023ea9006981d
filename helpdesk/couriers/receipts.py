"""What the vendor of short messages tells of those it took: POST /receipts/sms."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request

from helpdesk.company.notices import SmsVendor
from helpdesk.couriers import tokens
from helpdesk.couriers.sms import SmsCourier, at
from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model.notice import TryState, Way
from helpdesk.services import Services
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.letters.notices import receipt

MOST = 500
"""Receipts in one call."""
router = APIRouter(include_in_schema=False)


@router.post("/receipts/sms")
async def sms(request: Request) -> dict[str, str]:
    """One receipt or a list of them. An unknown one is a 404, so that the vendor says it again: ours may be quicker."""
    services: Services = request.app.state.services
    _check(services, request)
    vendor = services.company.notices.sms
    unknown = [one for one in _receipts(await request.body()) if not await _noted(services, vendor, one)]
    if unknown:
        raise NotFound("message_not_found")
    return {"status": "ok"}


def _check(services: Services, request: Request) -> None:
    """Refuse whoever does not know the token; without one receipts are off.

    Raises:
        NotFound, NotAllowed.
    """
    courier = services.couriers.get(Way.SMS)
    held = courier.settings.receipt_token.get_secret_value() if isinstance(courier, SmsCourier) else ""
    given = tokens.bearer_of(request) or request.query_params.get("token", "")
    tokens.check(given, held, "SMS_RECEIPT_TOKEN")


def _receipts(body: bytes) -> list[dict[str, Any]]:
    """JSON, an object or a list of objects; or a form.

    Raises:
        InvalidInput.
    """
    try:
        found = json.loads(body)
    except ValueError:
        found = dict(parse_qsl(body.decode("utf-8", "replace")))
    receipts = found if isinstance(found, list) else [found]
    if not receipts or len(receipts) > MOST or not all(isinstance(one, dict) and one for one in receipts):
        raise InvalidInput("body_no_receipts")
    return receipts


async def _noted(services: Services, vendor: SmsVendor, told: dict[str, Any]) -> bool:
    """Whether a receipt names a message of ours; a state that says nothing about arrival changes nothing."""
    said = at(told, vendor.receipt_state) or ""
    state = TryState.DELIVERED if said in vendor.delivered else TryState.FAILED if said in vendor.failed else None
    if state is None:
        return True
    try:
        await receipt(services, Way.SMS, clean(at(told, vendor.receipt_id) or ""), state, said)
    except NotFound:
        return False
    return True
