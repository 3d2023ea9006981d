"""The nursery of workers (`tests/support/nursery.py` asks it), in the dialogue environment: Rasa is read once."""

from __future__ import annotations

import os

from bot import startup
from bot.worker import main
from tests.support import births


def _read_everything() -> None:
    """All that a worker imports; its model it loads itself."""
    startup.prepare(os.environ["BOT_MODEL"])
    import bot.endpoint
    import bot.engine
    import bot.second.second  # noqa: F401


if __name__ == "__main__":
    _read_everything()
    births.serve(main)
