"""Products that are made once and again when their inputs change: database, dialogue model, demo data."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from typing import Mapping

from tools.processes import clean_environment, run_logged
from tools.project import Project
from tools.stamps import fingerprint, read_stamp, write_stamp

MODEL = "sansheng.tar.gz"
# Everything that `rasa train` and our components read while training.
MODEL_INPUTS = (
    "config.yml",
    "domain.yml",
    "data",
    "bot/nlu",
    "zhtext",
    "company/lexicon",
    "requirements/bot.txt",
)
SCHEMA = ("helpdesk/store/migrations",)


def train_model(project: Project, *, anew: bool = False) -> bool:
    """Train when the inputs changed. The new model appears in one step, so a worker never loads half of one."""
    stamp = project.models / "sansheng.json"
    made_from = {"inputs": fingerprint(project.root, MODEL_INPUTS)}
    if not anew and (project.models / MODEL).exists() and read_stamp(stamp) == made_from:
        return False
    fresh = project.var / "training"
    shutil.rmtree(str(fresh), ignore_errors=True)
    command = [project.python("bot"), "-m", "bot.train", fresh]
    env = clean_environment(**quiet_rasa())
    run_logged("training the dialogue model", command, project.log("train"), cwd=project.root, env=env)
    project.models.mkdir(exist_ok=True)
    os.replace(fresh / MODEL, project.models / MODEL)
    write_stamp(stamp, made_from)
    return True


def quiet_rasa() -> dict[str, str]:
    """Rasa reports to nobody, and numeric libraries keep to one thread: more made it ten times slower under load."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1")
    return {
        **threads,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def migrate_database(project: Project, settings: Mapping[str, str]) -> bool:
    """Bring the tables up to date. Of another machine's database we cannot know, so that one is always asked."""
    stamp = project.var / "stamps" / "database.json"
    made_from = {"schema": fingerprint(project.root, SCHEMA), "database": database_identity(project, settings)}
    if made_from["database"] and read_stamp(stamp) == made_from:
        return False
    _helpdesk(project, settings, "migrate", "bringing the database up to date")
    made_from["database"] = database_identity(project, settings)
    write_stamp(stamp, made_from)
    return True


def database_identity(project: Project, settings: Mapping[str, str]) -> str:
    """Which SQLite file it is: a deleted and newly made one is another. Empty when there is none to see."""
    scheme, _, path = settings["DATABASE_URL"].partition(":///")
    file = project.root / path.partition("?")[0]
    if not scheme.startswith("sqlite") or not file.is_file():
        return ""
    return f"{file}#{file.stat().st_ino}"


def seed_demo(project: Project, settings: dict[str, str]) -> bool:
    """Create the demo accounts. A password that nobody chose is made here for a database not seen before, and kept
    only in `settings` until it is shown; of a chosen one a slow keyed hash is remembered, to see when it changes."""
    stamp = project.var / "stamps" / "demo.json"
    file, before = database_identity(project, settings), read_stamp(stamp)
    database = file or hashlib.sha256(settings["DATABASE_URL"].encode()).hexdigest()
    is_known = before.get("database") == database
    may_have_been_emptied = not file and "HELPDESK_DEMO_PASSWORD" in settings
    if not is_known:
        settings.setdefault("HELPDESK_DEMO_PASSWORD", secrets.token_urlsafe(9))
    made_from = {"database": database, "password": _trace(settings) or before.get("password", "")}
    if before == made_from and not may_have_been_emptied:
        return False
    _helpdesk(project, settings, "demo", "creating the demo accounts")
    write_stamp(stamp, made_from)
    return True


def _trace(settings: Mapping[str, str]) -> str:
    password, key = settings.get("HELPDESK_DEMO_PASSWORD", ""), settings.get("HELPDESK_SECRET_KEY", "")
    return hashlib.pbkdf2_hmac("sha256", password.encode(), key.encode(), 100_000).hex() if password else ""


def _helpdesk(project: Project, settings: Mapping[str, str], command: str, what: str) -> None:
    arguments = [project.python("helpdesk"), "-m", "helpdesk", command]
    env = {**clean_environment(), **settings, "HELPDESK_DEMO": settings.get("HELPDESK_DEMO", "1")}
    run_logged(what, arguments, project.log(command), cwd=project.root, env=env)
