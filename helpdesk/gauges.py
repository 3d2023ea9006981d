"""What is measured when somebody asks for `/metrics`: how things stand now, looked up in the database."""

from __future__ import annotations

from sqlalchemy import func, select

from helpdesk.metrics import LONGEST_WAIT, OUTBOX, OVERDUE, QUEUE, WORKERS
from helpdesk.model.delivery import Status
from helpdesk.model.promise import PromiseState
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Outbox, Promise
from helpdesk.usecases.queue.position import waiting


async def look(services: Services) -> None:
    """Set the gauges. A database that is away leaves them as they were: `helpdesk_database_errors` tells."""
    for worker, is_up in (await services.workers.health()).items():
        WORKERS.labels(worker).set(is_up)
    async with services.db.read() as uow:
        await _queue(uow)
        await _outbox(uow)
        await _promises(uow)


async def _queue(uow: UnitOfWork) -> None:
    line = await waiting(uow.session)
    QUEUE.set(len(line))
    LONGEST_WAIT.set(max((uow.now - one.since).total_seconds() for one in line) if line else 0)


async def _outbox(uow: UnitOfWork) -> None:
    counts = dict((await uow.session.execute(select(Outbox.status, func.count()).group_by(Outbox.status))).all())
    for state in Status:
        OUTBOX.labels(str(state)).set(counts.get(state, 0))


async def _promises(uow: UnitOfWork) -> None:
    overdue = select(func.count()).where(Promise.state == PromiseState.OPEN, Promise.due_at < uow.now)
    OVERDUE.set(int(await uow.session.scalar(overdue) or 0))
