"""Where things are: every path of the project, from one root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """A checkout. Tests build one in an empty folder."""

    root: Path

    @property
    def brought(self) -> Path:
        """Tools the project brought for itself: uv, and Python or Node.js where the system has none."""
        return self.root / ".tools"

    @property
    def environments(self) -> Path:
        return self.root / ".envs"

    @property
    def requirements(self) -> Path:
        return self.root / "requirements"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def var(self) -> Path:
        """What belongs to this machine and must survive an update: database, secrets, logs."""
        return self.root / "var"

    @property
    def running(self) -> Path:
        """Settings of the `make run` that is up, for `make chat` and `make shell`."""
        return self.var / "running.env"

    def log(self, name: str) -> Path:
        """An empty log file's path; what a step printed goes here instead of to the terminal."""
        path = self.var / "log" / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        return path

    def python(self, environment: str) -> Path:
        """The interpreter of an environment: `bot` or `helpdesk`."""
        return self.environments / environment / "bin" / "python"


THIS = Project(Path(__file__).resolve().parent.parent)
