"""What a test run leaves behind when it is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from helpdesk.testing import ROOT, eventually

LIVES = "import sys; from pathlib import Path; from helpdesk.testing import Leavings\n"
LIVES += "made = Leavings(Path(sys.argv[1])); print('made', flush=True); sys.stdin.read()"


async def test_the_folder_of_a_killed_run_goes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "databases"
    folder.mkdir()
    (folder / "a.db").touch()
    command = [sys.executable, "-c", LIVES, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"made\n"
        assert folder.exists()
        run.kill()

    async def gone() -> bool:
        return not folder.exists()

    await eventually(gone, "the folder is gone")
