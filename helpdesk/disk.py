"""How much room is left where the database and our own files are."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy.engine import make_url

from helpdesk.errors import NoRoom
from helpdesk.settings import Settings

MEGABYTE = 1_000_000


def free_megabytes(settings: Settings) -> int:
    """The least that is free of the places we write to."""
    places = [settings.var_dir]
    url = make_url(settings.database_url)
    if settings.is_sqlite and url.database:
        places.append(Path(url.database).parent)
    return min(shutil.disk_usage(_existing(place)).free // MEGABYTE for place in places)


def check_room(settings: Settings) -> None:
    """Keep what is left for messages: they are worth more than pictures.

    Raises:
        NoRoom: less than `HELPDESK_DISK_FLOOR` megabytes are free.
    """
    if free_megabytes(settings) < settings.disk_floor:
        raise NoRoom("no_room_for_pictures")


def _existing(place: Path) -> Path:
    return next(one for one in (place.absolute(), *place.absolute().parents) if one.exists())
