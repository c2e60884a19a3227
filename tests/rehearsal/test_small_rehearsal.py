"""A small training day on servers of its own, with every kind of server's fault: nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from aimcert import embedded
from tests.environment import ROOT


def test_a_small_day_loses_nothing(tmp_path: Path) -> None:
    asked = {"ROOMS": "2", "PEOPLE": "4", "SECONDS": "14", "LEAST": "4", "SPEED": "off", "FAULTS": "on"}
    folder = tmp_path / "rehearse"
    done = subprocess.run(
        [sys.executable, "-m", "rehearsal"],
        cwd=ROOT,
        env=os.environ | asked | {"REHEARSAL_VAR": str(folder)},
        capture_output=True,
        text=True,
        timeout=400,
    )
    embedded.forget(folder / "servers")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = json.loads((tmp_path / "rehearsal.json").read_text())
    assert found["found"] == {"lost": [], "misattributed": [], "duplicated": []}
    assert found["acknowledged"] > 10
    assert found["submitted"] > 0
    for kind in ("web worker killed", "PostgreSQL restarted", "connections cut by PostgreSQL", "Redis wiped"):
        assert found["faults"][kind] > 0, done.stdout
    # By chance a kind may fall short in so short a day; nothing else may be missed.
    assert all("faults of 4" in missed for missed in found["missed"]), done.stdout
