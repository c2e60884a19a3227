"""Settings that would be dangerous stop the start, with a sentence that says what to do."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from aimcert.deployment import refused

ROOT = Path(__file__).resolve().parents[2]
# As chance makes them, and the same in each process that collects these tests.
KEY = "qX7wJc2VtN5rLk9ZsB4yPmE8hGdFa3UuT6oWiRvYxKj1nQbMzCpHlSgDfA0e_-5t"
PASSWORD = "9f4c1ab27d03e8655b1c7fd29ae04836c8d15e7b3f60a2944d7be1c05839af62"

# As docs/operations.md has it.
DEPLOYED = {
    "SITE_URL": "https://aimcert.example.org",
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": "",
    "ALLOWED_HOSTS": "",
    "BEHIND_PROXY": "yes",
    "DATABASE_URL": f"postgres://aimcert_app:{PASSWORD}@postgres:5432/aimcert",
    "REDIS_URL": f"redis://:{PASSWORD}@redis:6379/0",
    "EMAIL_HOST": "smtp.example.org",
    "EMAIL_HOST_USER": "aimcert",
    "EMAIL_HOST_PASSWORD": "as the provider gave it",
    "DEFAULT_FROM_EMAIL": "AIMcert <no-reply@example.org>",
    "SUPPORT_EMAIL": "support@example.org",
    "FILES_DIR": "/srv/files",
    "STATIC_ROOT": "/srv/static",
}
DEMO = DEPLOYED | {
    "AIMCERT_DEMO": "1",
    "SITE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "BEHIND_PROXY": "",
    "SECRET_KEY": "made by the demo",
    "EMAIL_HOST": "127.0.0.1",
}


@pytest.mark.parametrize(
    "environment",
    [
        DEPLOYED,
        DEMO,
        DEMO | {"SITE_URL": "http://[::1]:8000"},
        DEPLOYED | {"SITE_URL": "http://localhost:8000", "BEHIND_PROXY": "no"},
        DEPLOYED | {"DATABASE_URL": "postgres:///aimcert", "REDIS_URL": "redis+socket:///run/redis"},
        DEPLOYED | {"DATABASE_OWNER_URL": f"postgres://aimcert_owner:{PASSWORD[::-1]}@postgres/aimcert"},
        DEPLOYED
        | {"DATABASE_APP_ROLE": "web", "DATABASE_URL": f"postgres://web:{PASSWORD}@postgres/aimcert"},
        DEPLOYED | {"EMAIL_HOST": "localhost", "EMAIL_USE_TLS": "no", "EMAIL_PORT": "25"},
        DEPLOYED | {"EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""},
        DEPLOYED | {"ALLOWED_HOSTS": ".example.org", "CSRF_TRUSTED_ORIGINS": "https://aimcert.example.org"},
        DEPLOYED | {"FILES_STORAGE_OPTIONS": '{"bucket_name": "aimcert", "default_acl": null}'},
        DEPLOYED | {"SECRET_KEY_FALLBACKS": secrets.token_hex(32)},
        DEPLOYED | {"METRICS_HOST": "10.0.0.7", "METRICS_PORT": "9100"},
        DEPLOYED | {"METRICS_HOST": "0.0.0.0", "METRICS_NETWORK_IS_CLOSED": "yes"},  # noqa: S104
    ],
)
def test_settings_that_are_well_are_taken(environment: dict[str, str]) -> None:
    assert refused(environment) == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "x", "shorter than 50 characters.*openssl rand"),
        ("SECRET_KEY", "x" * 64, "repeats itself"),
        ("SECRET_KEY", "0123456789abcdef" * 4, "repeats itself"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "an example's"),
        ("SECRET_KEY", "ChangeMe" + KEY, "an example's"),
        ("SECRET_KEY_FALLBACKS", f"{KEY[::-1]},x", "still believed: leave it out"),
        ("METRICS_HOST", "0.0.0.0", "lets anybody read the metrics"),  # noqa: S104
        ("METRICS_HOST", "::", "lets anybody read the metrics"),
        ("METRICS_HOST", "198.41.0.4", "lets anybody read the metrics"),
        ("METRICS_HOST", "web", "must be an address of this machine"),
        ("METRICS_PORT", "65535", "from 0 to 65532"),
        ("METRICS_NETWORK_IS_CLOSED", "perhaps", "neither yes nor no"),
        ("SITE_URL", "aimcert.example.org", "with https://"),
        ("SITE_URL", "ftp://aimcert.example.org", "with https://"),
        ("SITE_URL", "https://", "with https://"),
        ("SITE_URL", "http://aimcert.example.org", "use https://"),
        ("SITE_URL", "http://localhost.example.org", "use https://"),
        ("SITE_URL", "http://127.0.0.1.example.org", "use https://"),
        ("SITE_URL", "https://localhost@aimcert.example.org", "leave out"),
        ("SITE_URL", "https://aimcert.example.org/aimcert", "leave out"),
        ("ALLOWED_HOSTS", "*", "takes any host"),
        ("ALLOWED_HOSTS", "aimcert.example.org,*", "takes any host"),
        ("ALLOWED_HOSTS", "https://aimcert.example.org", "names of hosts alone"),
        ("ALLOWED_HOSTS", "aimcert.example.org:443", "names of hosts alone"),
        ("ALLOWED_HOSTS", "www.example.org", "leaves out SITE_URL's own host"),
        ("CSRF_TRUSTED_ORIGINS", "https://*.example.org", "name each origin whole"),
        ("CSRF_TRUSTED_ORIGINS", "aimcert.example.org", "name each origin whole"),
        ("CSRF_TRUSTED_ORIGINS", "http://aimcert.example.org", "use https://"),
        ("BEHIND_PROXY", "maybe", "neither yes nor no"),
        ("AIMCERT_DEMO", "ja", "neither yes nor no"),
        ("AIMCERT_DEMO", "1", "for this machine alone"),
        ("AIMCERT_TEST", "1", "for this machine alone"),
        ("DATABASE_URL", "postgres://aimcert_app:changeme@postgres/aimcert", "an example's"),
        ("DATABASE_URL", "postgres://aimcert_app:aimcert_app@postgres/aimcert", "an example's"),
        ("DATABASE_URL", "postgres://aimcert_app:s3cr3t@postgres/aimcert", "can be guessed"),
        ("DATABASE_URL", f"postgres://postgres:{PASSWORD}@postgres/aimcert", "the role that owns nothing"),
        ("DATABASE_URL", "postgres://[", "Invalid|IPv6"),
        ("DATABASE_OWNER_URL", f"postgres://aimcert_app:{PASSWORD}@postgres/aimcert", "use the owner's"),
        ("DATABASE_OWNER_URL", "postgres://aimcert_owner:password@postgres/aimcert", "an example's"),
        ("REDIS_URL", "redis://redis:6379/0", "has no password"),
        ("REDIS_URL", "redis://:changeme@redis:6379/0", "an example's"),
        ("EMAIL_USE_TLS", "no", "readable for all"),
        ("EMAIL_USE_TLS", "STARTTLS", "neither yes nor no"),
        ("EMAIL_PORT", "465", "use 587"),
        ("EMAIL_PORT", "smtp", "whole number"),
        ("EMAIL_HOST_PASSWORD", "", "or neither"),
        ("EMAIL_HOST_PASSWORD", "Changeme!", "an example's"),
        ("DEFAULT_FROM_EMAIL", "", "letters come from"),
        ("SUPPORT_EMAIL", "", "who needs help"),
        ("FILES_DIR", "/srv/static/files", "open to all"),
        ("FILES_STORAGE_OPTIONS", '{"default_acl": "public-read"}', "public"),
        ("FILES_STORAGE_OPTIONS", "{", "no JSON"),
        ("FILES_STORAGE_OPTIONS", "[]", "JSON object"),
        ("SWEEP_SECONDS", "0", "from 1 to 3600"),
        ("SWEEP_SECONDS", "-5", "from 1 to 3600"),
    ],
)
def test_dangerous_setting_is_refused_and_says_what_to_do(name: str, value: str, says: str) -> None:
    [reason, *_] = refused(DEPLOYED | {name: value})
    assert re.search(says, reason)
    assert PASSWORD not in reason
    assert KEY not in reason


@pytest.mark.parametrize("name", ["AIMCERT_DEMO", "AIMCERT_TEST"])
@pytest.mark.parametrize(
    "danger",
    [
        {"SITE_URL": "https://aimcert.example.org"},
        {"SITE_URL": "http://10.0.0.7"},
        {"ALLOWED_HOSTS": "localhost,aimcert.example.org"},
        {"ALLOWED_HOSTS": "*"},
        {"BEHIND_PROXY": "yes"},
    ],
)
def test_what_lets_anybody_in_stays_on_this_machine(name: str, danger: dict[str, str]) -> None:
    sample = DEMO | {"AIMCERT_DEMO": "", name: "1"}
    assert refused(sample) == []
    [reason] = refused(sample | danger)
    assert reason.startswith(f"{name} is for this machine alone")


def test_demo_never_writes_to_people() -> None:
    [reason] = refused(DEMO | {"EMAIL_HOST": "smtp.example.org"})
    assert "real letters" in reason


def test_all_that_is_wrong_is_said_at_once() -> None:
    reasons = refused(DEPLOYED | {"SECRET_KEY": "x", "ALLOWED_HOSTS": "*", "EMAIL_USE_TLS": "no"})
    assert len(reasons) == 3


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"SECRET_KEY": "x"}, "SECRET_KEY is shorter"),
        ({"AIMCERT_DEMO": "1"}, "AIMCERT_DEMO is for this machine"),
    ],
)
def test_process_does_not_start(wrong: dict[str, str], says: str) -> None:
    def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "import aimcert.settings"]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert start(DEPLOYED).returncode == 0
    done = start(DEPLOYED | wrong)
    assert done.returncode
    assert says in done.stderr
