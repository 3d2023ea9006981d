"""What is counted for `/metrics`; nothing here holds a customer's words or name."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
TURNS = Counter("helpdesk_turns", "Turns ended, by how", ["outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram("helpdesk_turn_seconds", "From claim to stored answer", registry=REGISTRY)
REQUESTS = Counter("helpdesk_http_requests", "Answers, by route and status", ["route", "status"], registry=REGISTRY)
DATABASE_ERRORS = Counter("helpdesk_database_errors", "Times the database was away", registry=REGISTRY)
SOCKETS = Gauge("helpdesk_open_sockets", "Websockets of chats and desks", registry=REGISTRY)
QUEUE = Gauge("helpdesk_queue_length", "Customers who wait for a person", registry=REGISTRY)
LONGEST_WAIT = Gauge("helpdesk_queue_longest_wait_seconds", "How long the first of them has waited", registry=REGISTRY)
OUTBOX = Gauge("helpdesk_outbox", "Messages to be sent by a channel, by state", ["state"], registry=REGISTRY)
OVERDUE = Gauge("helpdesk_promises_overdue", "Open promises whose time has passed", registry=REGISTRY)
WORKERS = Gauge("helpdesk_worker_up", "Whether a worker answers", ["worker"], registry=REGISTRY)
ACTION_SECONDS = Histogram("helpdesk_action_seconds", "One custom action", registry=REGISTRY)


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
