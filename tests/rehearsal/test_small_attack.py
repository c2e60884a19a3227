"""A small room that is attacked while it comes in: everybody gets in, and no attacker does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from aimcert import embedded
from tests.environment import ROOT


def test_attacked_room_comes_in(tmp_path: Path) -> None:
    asked = {"ROOMS": "1", "PEOPLE": "5", "SECONDS": "5", "SPEED": "off", "FAULTS": "off", "ATTACK": "on"}
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
    found = json.loads((tmp_path / "rehearsal.json").read_text())["attacked"]
    assert len(found["got_in_seconds"]) == found["people"] == 5, done.stdout
    assert (found["works"], found["attackers_in"]) == (0, 0), done.stdout
    # It was an attack.
    assert found["tried"]["codes guessed"] > 0
    assert found["tried"]["codes asked for"] > 0
