"""What is counted for `/metrics`; nothing here holds a customer's words or name."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

REGISTRY = CollectorRegistry()
TURNS = Counter("helpdesk_turns", "Turns ended, by how", ["outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram("helpdesk_turn_seconds", "From claim to stored answer", registry=REGISTRY)
ACTION_SECONDS = Histogram("helpdesk_action_seconds", "One custom action", registry=REGISTRY)


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
