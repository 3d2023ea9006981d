"""For every part: a property holds or fails by its examples, never by how busy the machine is."""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """What was imported stays to the end: looking through it for circular garbage again and again took a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
