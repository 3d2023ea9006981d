"""How many workers `make run` starts on which machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.machine import cores, memory_mb, workers_wanted

PLENTY = "MemTotal: 8000000 kB\nMemAvailable:    6000000 kB\n"
LITTLE = "MemTotal: 8000000 kB\nMemAvailable:    1500000 kB\n"


def machine(folder: Path, meminfo: str, **group: str) -> tuple[Path, Path]:
    """Folders like /proc and /sys/fs/cgroup that say this."""
    (folder / "meminfo").write_text(meminfo)
    for name, text in group.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder, folder


@pytest.mark.parametrize(
    "meminfo, group, wanted",
    [
        (PLENTY, {"cpu_max": "max 100000"}, 2 if cores(Path("nowhere")) >= 2 else 1),
        (PLENTY, {"cpu_max": "150000 100000"}, 1),
        (LITTLE, {}, 1),
        (PLENTY, {"memory_max": "2000000000", "memory_current": "500000000"}, 1),
        ("", {}, 1),
    ],
    ids=["enough", "a share of the cores", "little memory", "a small container", "nobody says"],
)
def test_two_workers_are_started_where_two_fit(
    tmp_path: Path, meminfo: str, group: dict[str, str], wanted: int
) -> None:
    assert workers_wanted({}, *machine(tmp_path, meminfo, **group)) == wanted


def test_who_says_how_many_gets_them(tmp_path: Path) -> None:
    small = machine(tmp_path, LITTLE)
    assert workers_wanted({"BOT_WORKERS": "3"}, *small) == 3
    assert workers_wanted({"HELPDESK_WORKERS": "http://10.0.0.1:8005"}, *machine(tmp_path, PLENTY)) == 1


@pytest.mark.parametrize("said", ["0", "many", "-1", "1000"])
def test_a_senseless_number_is_said(said: str) -> None:
    with pytest.raises(ToolError, match="BOT_WORKERS"):
        workers_wanted({"BOT_WORKERS": said})


def test_free_memory_is_the_smaller_of_what_machine_and_container_have(tmp_path: Path) -> None:
    folders = machine(tmp_path, PLENTY, memory_max="max", memory_current="1")
    assert memory_mb(*folders) == 6000000 // 1024
    machine(tmp_path, PLENTY, memory_max="3145728", memory_current="1048576")
    assert memory_mb(*folders) == 2
