"""What AIMcert needs of the machine beyond Python's packages: Pango for PDF, a Chromium for the tests.

    python3 ops/machine.py pango       makes sure of Pango
    python3 ops/machine.py chromium    makes sure of Chromium

Installs with apt where that needs no password; otherwise prints the command to run, and fails.
It runs before anything is installed, so it imports nothing but Python itself.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys

PANGO_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
PANGO_LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"]
# The shell is the same browser without a window, and takes a third less of the processor; Debian has it.
CHROMIUM_PACKAGES = ["chromium-headless-shell", "chromium"]
CHROMIUM_NAMES = [*CHROMIUM_PACKAGES, "chromium-browser", "google-chrome", "google-chrome-stable"]


def has_pango() -> bool:
    """Whether WeasyPrint will find Pango, and what makes its fonts small."""
    try:
        for library in PANGO_LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


def chromium() -> str | None:
    """The path of a Chromium or Chrome that runs, or None. CHROMIUM names another one."""
    for name in filter(None, [os.environ.get("CHROMIUM"), *CHROMIUM_NAMES]):
        path = shutil.which(name)
        # Ubuntu's package of that name only points at a snap, so what counts is whether it runs.
        if path:
            try:
                if not subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode:
                    return path
            except (OSError, subprocess.TimeoutExpired):
                continue
    return None


def may_install(packages: list[str], why: str) -> bool:
    """Whether Debian `packages` can be installed without a password; where not, say what to do."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        command = ["sudo", *command]
    if not shutil.which("apt-get"):
        print(f"{why}: install the equivalent of {' '.join(packages)} with this system's package manager.")
        return False
    if os.geteuid() != 0 and (
        not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode
    ):
        print(f"{why}. Run this once, then try again:\n    {' '.join(command)}")
        return False
    return True


def apt_install(packages: list[str], why: str) -> bool:
    """Install Debian `packages` where that needs no password; say what is done or what to do."""
    if not may_install(packages, why):
        return False
    print(f"{why}: installing {' '.join(packages)} …", flush=True)
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    quiet = subprocess.DEVNULL
    subprocess.run([*as_root, *environment, "apt-get", "update", "-q"], stdout=quiet)
    install = [*as_root, *environment, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    return subprocess.run(install, stdout=quiet).returncode == 0


def ensure(what: str) -> bool:
    """Make sure of `what`: "pango", "chromium" or "venv"."""
    if what == "pango":
        return has_pango() or (apt_install(PANGO_PACKAGES, "PDF documents need Pango") and has_pango())
    if what == "chromium":
        if chromium():
            return True
        why = "The tests drive a real browser"
        # Where there is no right to install, the command is said once.
        if may_install(CHROMIUM_PACKAGES[-1:], why):
            for package in CHROMIUM_PACKAGES:
                if apt_install([package], why) and chromium():
                    return True
        print("No Chromium runs here. Install Chromium or Google Chrome, or set CHROMIUM to its path.")
        return False
    if what == "venv":
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        return apt_install([version], "This Python cannot make virtual environments")
    raise SystemExit(f"Unknown: {what}")


if __name__ == "__main__":
    sys.exit(0 if all(ensure(what) for what in sys.argv[1:]) else 1)
