"""Orders in a conversation: when the company's systems answer or do not, and when somebody asks who may not know."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.talk import orders
from actions.turn import FRAME, Turn
from demo.shop import FAULTS, HANG, NONE, StubShop, serving
from helpdesk.clock import ManualClock
from helpdesk.connectors import open_shop
from helpdesk.model.conversation import TurnRef
from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation, staged_effects
from helpdesk.store.tables import Customer, Promise
from helpdesk.testing import Databases, free_port, settings_for
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.people.roster import ensure_staff
from helpdesk.usecases.turns.effects import EFFECTS
from tests.support.fixtures import services_of

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
ON_THE_WAY, REFUNDING, UNKNOWN = "2026111500021", "2026111200733", "2026010100001"
WAYBILL = "SS2026111700214"
PLACE = "郑州"

Handler = Callable[[Turn], Awaitable[object]]


@dataclass
class Shopper:
    """A customer whose messages reach the handlers of orders, on a service that asks the stub shop."""

    services: Services
    stub: StubShop
    clock: ManualClock
    conversation_id: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    count: int = 0

    async def says(self, handler: Handler, text: str = "您好", **values: str) -> list[str]:
        """The names of the responses that a message is answered with; `said` has their fields."""
        self.count += 1
        message = await receive(self.services, Incoming("rest", "wang", text, f"m{self.count}"))
        self.conversation_id = message.conversation_id
        ref = await self._claimed(message.id)
        entities = [{"entity": name, "value": value} for name, value in values.items()]
        intent = {"name": "inform", "confidence": 1.0}
        heard = {"text": text, "message_id": f"{message.id}:{ref.turn_no}", "intent": intent, "entities": entities}
        dispatcher = CollectingDispatcher()
        tracker = Tracker(self.conversation_id, self.slots, heard, [], False, None, {}, None)
        turn = Turn(self.services, tracker, dispatcher)
        await handler(turn)
        turn.stand()
        self.slots = {**self.slots, **turn.decided.slots, FRAME: turn.frame.to_json()}
        self.said = {one["response"]: one for one in dispatcher.messages}
        return turn.decided.said

    async def _claimed(self, message_id: str) -> TurnRef:
        async with self.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, self.conversation_id)
            conversation.turn_no += 1
            conversation.turn_until = self.clock.now() + timedelta(seconds=30)
            await uow.commit()
            return TurnRef(self.conversation_id, message_id, conversation.turn_no)

    async def promises(self) -> list[Promise]:
        """What is owed once the turn is finished."""
        async with self.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, self.conversation_id)
            for one in await staged_effects(uow.session, self.conversation_id):
                given = (conversation, one.payload, one.result or {})
                await EFFECTS[one.kind].apply(self.services, uow, *given)
                one.status = "applied"
            await uow.commit()
        return await self.rows(Promise)

    async def rows(self, table: type[Any]) -> list[Any]:

        async with self.services.db.read() as uow:
            return list((await uow.session.scalars(select(table))).all())

    async def is_user(self, user_id: str) -> None:
        """The customer has come with a signed identity."""
        message = await receive(self.services, Incoming("rest", "wang", "您好", "first"))
        self.conversation_id = message.conversation_id
        async with self.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, self.conversation_id)
            (await uow.session.get_one(Customer, conversation.customer_id)).user_id = user_id
            await uow.commit()

    @property
    def asked(self) -> str:
        """The question that is open."""
        return str(self.slots[FRAME]["question"].get("kind"))


@pytest.fixture
async def shopper(sqlite: Databases) -> AsyncIterator[Shopper]:
    async with AsyncExitStack() as stack:
        clock = ManualClock(MONDAY)
        plain = services_of(settings_for(sqlite.fresh(), demo=True))
        stub = StubShop(plain.company.model_copy(), clock)
        address = await stack.enter_async_context(serving(stub, free_port()))
        settings = settings_for(plain.settings.database_url, shop_address=address, shop_token=SecretStr(stub.token))
        shop = open_shop(settings, plain.company, clock)
        stack.push_async_callback(shop.close)
        stack.push_async_callback(plain.db.close)
        plain.db.clock = clock
        services = Services(**{**vars(plain), "clock": clock, "shop": shop, "settings": settings})
        await ensure_staff(services)
        yield Shopper(services, stub, clock)


async def test_a_number_opens_state_and_date_and_nothing_of_anybody(shopper: Shopper) -> None:
    assert await shopper.says(orders.check, order=ON_THE_WAY) == ["utter_order_shipped_expected"]
    told = str(shopper.said)
    assert "11月23日" in told
    assert not [word for word in (PLACE, "0066", "李强", "u1002", WAYBILL) if word in told]


@pytest.mark.parametrize("fault", [HANG, *FAULTS])
async def test_a_system_that_does_not_answer_is_said_so_and_promised(fault: str, shopper: Shopper) -> None:
    shopper.stub.fault = fault
    assert await shopper.says(orders.check, order=ON_THE_WAY) == ["utter_order_not_answering"]
    assert shopper.said["utter_order_not_answering"]["due"]
    (owed,) = await shopper.promises()
    assert ON_THE_WAY in owed.text
    assert owed.owner_id
    shopper.stub.fault = NONE
    assert await shopper.says(orders.check) == ["utter_order_shipped_expected"], "the number is still known"


async def test_asked_again_it_is_promised_once(shopper: Shopper) -> None:
    shopper.stub.fault = "error"
    await shopper.says(orders.check, order=ON_THE_WAY)
    first = await shopper.promises()
    await shopper.says(orders.check, order=ON_THE_WAY)
    assert [one.id for one in await shopper.promises()] == [one.id for one in first]


async def test_of_several_orders_each_is_told_or_promised(shopper: Shopper) -> None:
    await shopper.says(orders.check, order=REFUNDING)
    shopper.stub.fault = "error"
    shopper.clock.advance(timedelta(minutes=5))

    async def both(turn: Turn) -> None:
        await orders.tell(turn, REFUNDING, ON_THE_WAY)

    said = await shopper.says(both)
    assert said == ["utter_order_refunding", "utter_order_as_of", "utter_order_not_answering"]
    assert shopper.said["utter_order_not_answering"]["order"] == ON_THE_WAY


async def test_hurrying_and_cancelling_are_registered_although_nothing_answers(shopper: Shopper) -> None:
    shopper.stub.fault = "error"
    assert await shopper.says(orders.hurry, order=ON_THE_WAY) == ["utter_order_hurried"]
    (owed,) = await shopper.promises()
    assert ON_THE_WAY in owed.text
    assert (await shopper.says(orders.cancel, order=ON_THE_WAY))[0] == "utter_open_cancel"


async def test_what_cannot_be_cancelled_by_itself_is_said_so(shopper: Shopper) -> None:
    assert (await shopper.says(orders.cancel, order="2026110899887"))[0] == "utter_open_cancel"
    shown = shopper.stub.company.orders
    paid = shown["2026110899887"].model_copy(update={"can_cancel": False})
    shopper.stub.company.__dict__["orders"] = {**shown, "2026110899887": paid}
    shopper.clock.advance(timedelta(minutes=1))
    assert (await shopper.says(orders.cancel, order="2026110899887"))[0] == "utter_open_cancel_unsure"


async def test_more_is_told_after_the_last_four_digits(shopper: Shopper) -> None:
    await shopper.says(orders.check, order=ON_THE_WAY)
    assert await shopper.says(orders.tell_more, "到哪个站了") == ["utter_order_prove"]
    assert shopper.asked == "order_digits"
    assert await shopper.says(orders.digits_given, "1234") == ["utter_order_prove_again"]
    assert await shopper.says(orders.digits_given, "0066") == ["utter_order_details"]
    assert PLACE in shopper.said["utter_order_details"]["listed"]
    assert await shopper.says(orders.check) == ["utter_order_shipped_expected", "utter_order_details"]
    shopper.clock.advance(timedelta(hours=25))
    assert await shopper.says(orders.tell_more, "到哪个站了") == ["utter_order_prove"], "a proof does not last"


async def test_digits_are_not_tried_out(shopper: Shopper) -> None:
    await shopper.says(orders.check, order=ON_THE_WAY)
    await shopper.says(orders.tell_more, "到哪个站了")
    for digits in ("1111", "2222", "3333", "4444", "5555"):
        assert await shopper.says(orders.digits_given, digits) == ["utter_order_prove_again"]
    assert await shopper.says(orders.digits_given, "0066") == ["utter_too_many_tries"]


async def test_how_far_a_refund_is_is_told_to_the_buyer(shopper: Shopper) -> None:
    await shopper.is_user("u1003")
    said = await shopper.says(orders.check, order=REFUNDING)
    assert said == ["utter_order_refunding", "utter_order_details"]
    assert "退款：审核中，预计 11月26日" in shopper.said["utter_order_details"]["listed"]


async def test_who_is_known_is_asked_for_no_number(shopper: Shopper) -> None:
    await shopper.is_user("u1002")
    assert await shopper.says(orders.check, "我的订单到哪了") == ["utter_order_shipped_expected", "utter_order_details"]


async def test_of_several_orders_of_their_own_they_choose(shopper: Shopper) -> None:
    await shopper.is_user("u1001")
    assert await shopper.says(orders.check, "我的订单到哪了") == ["utter_orders_yours"]
    assert "2026110812345" in shopper.said["utter_orders_yours"]["listed"]
    assert [one["title"] for one in shopper.slots[FRAME]["choices"]] == ["2026110812345", "2026111800609"]


async def test_who_is_known_is_told_nothing_of_another_s_order(shopper: Shopper) -> None:
    await shopper.is_user("u1001")
    assert await shopper.says(orders.check, order=ON_THE_WAY) == ["utter_order_shipped_expected"]


async def test_an_order_is_found_by_phone_and_surname(shopper: Shopper) -> None:
    assert await shopper.says(orders.check, "我的订单到哪了") == ["utter_order_which"]
    assert await shopper.says(orders.given, "13912340066", phone="13912340066") == ["utter_order_surname"]
    assert await shopper.says(orders.given, "姓李") == ["utter_order_shipped_expected", "utter_order_details"]


async def test_a_foreign_phone_is_not_tried_out(shopper: Shopper) -> None:
    for _ in range(5):
        said = await shopper.says(orders.check, "张三 13912340066", phone="13912340066", name="张三")
        assert said == ["utter_orders_not_under_phone"]
    assert await shopper.says(orders.check, phone="13912340066", name="李强") == ["utter_too_many_tries"]


async def test_a_waybill_tells_the_state_and_no_place(shopper: Shopper) -> None:
    assert await shopper.says(orders.check, WAYBILL) == ["utter_waybill_state"]
    told = shopper.said["utter_waybill_state"]["told"]
    assert "运输途中" in told
    assert PLACE not in told
    assert await shopper.says(orders.check, "SF1420098877123") == ["utter_waybill"]


async def test_an_unknown_number_is_unknown(shopper: Shopper) -> None:
    assert await shopper.says(orders.check, order=UNKNOWN) == ["utter_order_unknown"]
