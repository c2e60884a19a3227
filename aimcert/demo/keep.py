"""Keeps one command running: starts it again when it dies, ends it when told to or when left alone.

    python aimcert/demo/keep.py [--after FILE] [--stop SIGNAL] -- COMMAND …

A Procfile's line `exec`s this, because honcho ends everything when one process ends. It imports
nothing of AIMcert, so that seven of them cost little.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
# Honcho waits five seconds before it kills.
GRACE_SECONDS = 4.0
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)


class Keeper:
    """Runs `command` until told to stop, or until the process `holder` is gone."""

    def __init__(self, command: list[str], after: Path | None, stop: signal.Signals, holder: int) -> None:
        self.command, self.after, self.stop_signal, self.holder = command, after, stop, holder
        self.stopping = False

    def end_now(self, number: int = 0, frame: FrameType | None = None) -> None:
        self.stopping = True

    def left_alone(self) -> bool:
        try:
            os.kill(self.holder, 0)
        except ProcessLookupError:
            return True
        return False

    def sleep(self, seconds: float) -> None:
        """Sleep for `seconds`, less when told to stop meanwhile."""
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)
            self.stopping = self.stopping or self.left_alone()

    def run(self) -> None:
        while not self.stopping and self.after and not self.after.exists():
            self.sleep(0.1)
        pause = FIRST_PAUSE
        while not self.stopping:
            started = time.monotonic()
            child = subprocess.Popen(self.command, start_new_session=True, preexec_fn=self._die_with_this)
            while not self.stopping and child.poll() is None:
                self.sleep(0.2)
            if self.stopping:
                self._end(child)
                return
            # What the dead one left behind would be in the next one's way.
            _kill_group(child.pid)
            pause = FIRST_PAUSE if time.monotonic() - started > 60 else min(pause * 2, LONGEST_PAUSE)
            print(f"It ended ({child.returncode}); again in {pause:g} s.", flush=True)
            self.sleep(pause)

    def _die_with_this(self) -> None:
        if sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, int(self.stop_signal), 0, 0, 0)

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        if child.poll() is None:
            child.send_signal(self.stop_signal)
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                print("It did not end in time, so it is killed.", flush=True)
        _kill_group(child.pid)
        child.wait()


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def main() -> None:
    parser = argparse.ArgumentParser(prog="keep.py")
    parser.add_argument("--after", type=Path, metavar="FILE", help="start once this file is there")
    parser.add_argument("--stop", default="TERM", metavar="SIGNAL", help="what ends the command in order")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    holder = int(os.environ.get("AIMCERT_HOLDER", os.getppid()))
    keeper = Keeper(command, given.after, signal.Signals[f"SIG{given.stop}"], holder)
    signal.signal(signal.SIGTERM, keeper.end_now)
    signal.signal(signal.SIGINT, keeper.end_now)
    keeper.run()


if __name__ == "__main__":
    main()
