"""`python -m helpdesk backup [FILE]` and `python -m helpdesk restore FILE [--replace]`.

A backup is the database, pictures and all, and the secrets: it is as secret as they are.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from helpdesk.bootstrap import clock_of
from helpdesk.settings import REQUIRED_SECRETS, Settings, read_secrets, write_secrets
from helpdesk.store.backup import postgres, sqlite
from helpdesk.store.backup.archive import BadBackup, PlaceTaken, pack, unpack
from helpdesk.store.migrate import knows, migrate

SECRETS = "secrets"
KEPT_SECRETS = (*REQUIRED_SECRETS, "rest_token")


def backup(settings: Settings, arguments: Sequence[str]) -> None:
    """Take one, beside a service that may run.

    Raises:
        BadBackup: there is no database, or it is damaged. PlaceTaken: the file exists.
    """
    now = clock_of(settings).now()
    usual = settings.var_dir / "backups" / f"helpdesk-{now:%Y%m%d-%H%M%S}.tar.gz"
    parser = argparse.ArgumentParser(
        "python -m helpdesk backup", description="Database, pictures and secrets, as a file."
    )
    parser.add_argument(
        "file", nargs="?", type=Path, default=usual, metavar="FILE", help="a new file (var/backups/...)"
    )
    parser.add_argument("--without-secrets", action="store_true", help="keep them elsewhere yourself")
    given = parser.parse_args(arguments)
    given.file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.file.parent) as folder:
        content = _engine(settings).take(settings.database_url, Path(folder))
        if not given.without_secrets:
            write_secrets(Path(folder) / SECRETS, secrets_of(settings))
        pack(Path(folder), content, now.isoformat(timespec="seconds"), given.file)
    print(f"{given.file}: {sum(content.tables.values())} rows of {len(content.tables)} tables")


def restore(settings: Settings, arguments: Sequence[str]) -> None:
    """Put one back where the settings say the database is, and bring it up to date.

    Raises:
        BadBackup: the file is none or does not fit. PlaceTaken: the place is in use. AlreadyRunning: by a service.
    """
    parser = argparse.ArgumentParser("python -m helpdesk restore", description="Put a backup back into an empty place.")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="throw away what is there now")
    given = parser.parse_args(arguments)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_beside(settings)) as folder:
        content, made_at = unpack(given.file, Path(folder))
        engine = _engine(settings)
        if content.engine != engine.ENGINE:
            raise BadBackup(f"{given.file} is of {content.engine}, and DATABASE_URL names {engine.ENGINE}")
        if not knows(content.revision):
            raise BadBackup(
                f"{given.file} was made by a later version (migration {content.revision}): install that one"
            )
        kept = Path(folder) / SECRETS
        _check_secrets(settings, kept, replace=given.replace)
        engine.put_back(settings.database_url, Path(folder), content, replace=given.replace)
        _put_back_secrets(settings, kept)
    migrate(settings.database_url)
    print(f"{sum(content.tables.values())} rows of {len(content.tables)} tables, as they were at {made_at}")


def secrets_of(settings: Settings) -> dict[str, str]:
    """Those in force, by name: the environment's before those in var/secrets."""
    found = read_secrets(settings.var_dir / SECRETS)
    in_force = {name: getattr(settings, name).get_secret_value() or found.get(name, "") for name in KEPT_SECRETS}
    return {name: value for name, value in in_force.items() if value}


def _check_secrets(settings: Settings, kept: Path, *, replace: bool) -> None:
    there = read_secrets(settings.var_dir / SECRETS)
    if there and kept.exists() and not replace and read_secrets(kept).items() - there.items():
        raise PlaceTaken(f"{settings.var_dir / SECRETS} has other secrets: --replace puts those of the backup there")


def _put_back_secrets(settings: Settings, kept: Path) -> None:
    """Into var/secrets, where demo mode finds them; who gives secrets by the environment is told of other ones."""
    if not kept.exists():
        return
    theirs = read_secrets(kept)
    write_secrets(settings.var_dir / SECRETS, {**read_secrets(settings.var_dir / SECRETS), **theirs})
    in_force = {name: getattr(settings, name).get_secret_value() for name in theirs}
    for name in (name for name, value in in_force.items() if value and value != theirs[name]):
        print(f"note: HELPDESK_{name.upper()} is set to another value than the backup's (now in var/secrets)")


def _engine(settings: Settings) -> ModuleType:
    return sqlite if settings.is_sqlite else postgres


def _beside(settings: Settings) -> Path:
    """A folder on the disk that the database will be on."""
    if not settings.is_sqlite:
        return settings.var_dir
    folder = sqlite.file_of(settings.database_url).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder
