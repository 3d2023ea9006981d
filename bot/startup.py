"""What has to happen before Rasa is imported. Measured: each step says what it is worth."""

from __future__ import annotations

import gc
import logging
import os
import sys
from pathlib import Path

from bot import ids

ROOT = Path(__file__).resolve().parent.parent
JIEBA_CACHE = ROOT / "var" / "cache" / "jieba"
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def prepare(model: str | None = None, log_level: str = "INFO") -> None:
    """Prepares the process. Call it before the first import of `rasa` or of anything that imports it.

    With `model`, a file or a folder of models, the process is made for running that model and nothing else.
    """
    _limit_threads()
    _quieten_warnings()
    if model is None or not _leave_out_tensorflow(model):
        _import_skops_first()
    _put_project_on_path()
    _keep_jieba_private()
    _quieten_logs(log_level)


def prepare_training(config: str) -> None:
    """Prepares a process that trains what the configuration names, and nothing else."""
    _limit_threads()
    _quieten_warnings()
    from bot.without_tensorflow import LEARNING, is_needless, leave_out, names_of

    if is_needless(names_of(Path(config))):
        leave_out(LEARNING)
    _put_project_on_path()
    _keep_jieba_private()
    _quieten_logs("INFO")


def prepare_learning() -> None:
    """Prepares a process that learns without Rasa, beside a training."""
    _limit_threads()
    _keep_jieba_private()


def keep_what_is_loaded() -> None:
    """Looks for circular garbage again, but never more among the 200,000 objects that are loaded by now and stay: that
    held up a turn for 0.13 s now and then, and took half a second while they were loaded."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _limit_threads() -> None:
    """Read when numpy is loaded. Multithreaded BLAS made the slowest twentieth of messages ten times slower."""
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def _import_skops_first() -> None:
    """Imported after Rasa it walks every module of TensorFlow: loading a model took 7 s instead of 0.4 s."""
    import skops.io  # noqa: F401


def _put_project_on_path() -> None:
    """A model names our components by module: without this it does not load."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


def _keep_jieba_private() -> None:
    """Its cache goes to a folder of ours, not to a shared one others can write. Who needs its dictionary reads it."""
    import jieba

    JIEBA_CACHE.mkdir(mode=0o700, parents=True, exist_ok=True)
    jieba.setLogLevel(logging.WARNING)
    jieba.dt.tmp_dir = str(JIEBA_CACHE)


def _leave_out_tensorflow(model: str) -> bool:
    """Whether the model has no use for it; then it is not there (bot/without_tensorflow.py)."""
    from bot.without_tensorflow import components_of, is_needless, leave_out

    path = _latest(Path(model))
    is_left_out = path is not None and is_needless(components_of(path))
    if is_left_out:
        leave_out()
    return is_left_out


def _latest(model: Path) -> Path | None:
    """The file itself, or the newest model of a folder, as Rasa's get_latest_model has it."""
    if not model.is_dir():
        return model
    return max(model.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def _quieten_warnings() -> None:
    """Rasa's libraries warn of each other's age, and sanic switches such warnings on again for everybody.

    A filter would be overruled by theirs; so warnings become log lines, and those are kept for errors.
    """
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def _quieten_logs(level: str) -> None:
    """Embedded Rasa prints every message of every customer at DEBUG until structlog is told a level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(ids.add_to)
    form = "%(asctime)s %(levelname)s %(name)s %(message)s%(ids)s"
    logging.basicConfig(level=level, format=form, handlers=[handler])
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # "worker ready" says it
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
