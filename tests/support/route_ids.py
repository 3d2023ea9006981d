"""What the paths of the staff API's routes are filled with: ids that exist nowhere."""

IDS = {
    "conversation_id": "c" * 32, "number": "TS20261123-0001", "promise_id": "p" * 32, "faq_id": "no.such",
    "compensation_id": "x" * 32,
    "customer_id": "u" * 32, "merge_id": "v" * 32, "follow_up_id": "f" * 32,
    "staff_id": "nobody", "group_id": "g" * 32, "key_id": "k" * 32, "session_id": "s" * 16,
    "letter_id": "l" * 32, "name": "回访", "call_id": "d" * 32, "receiver": "nobody",
    "delivery_id": "1",
    "message_id": "m" * 32, "item_id": "i" * 32,
}  # fmt: skip
