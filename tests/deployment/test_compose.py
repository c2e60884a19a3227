"""The production shape holds together: the Compose specification, the settings, the documentation."""

from __future__ import annotations

import ast
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from aimcert.foundation.metrics_server import PORTS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()

# The demo and the tests set these for themselves; no deployment does.
NOT_FOR_DEPLOYMENT = {"AIMCERT_DEMO", "AIMCERT_TEST"}
# Read by others than our settings: gunicorn, Django itself, Python, the fonts' cache.
NOT_OURS = {
    "WEB_CONCURRENCY",
    "DJANGO_SETTINGS_MODULE",
    "LANG",
    "PATH",
    "PYTHONDONTWRITEBYTECODE",
    "XDG_CACHE_HOME",
}
# Read by aimcert/deployment.py alone.
BEFORE_THE_SETTINGS = {"METRICS_NETWORK_IS_CLOSED"}
OURS = ("migrate", "web", "worker", "urgent", "beat")
LASTING = ("web", "worker", "urgent", "beat", "postgres", "redis")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE)


def named_in_settings() -> set[str]:
    """Every environment variable that aimcert/settings.py reads."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / "aimcert" / "settings.py").read_text())):
        first: ast.expr | None = None
        if isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func)
            first = node.args[0] if called in {"required", "flag", "listed", "os.environ.get"} else None
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            first = node.slice
        if isinstance(first, ast.Constant):
            names.add(first.value)
    return names


def set_by_the_image() -> set[str]:
    final = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    return set(re.findall(r"^(?:ENV|   ) ([A-Z_]+)=", final, re.MULTILINE))


def documented() -> set[str]:
    """Every variable that has a row of its own in docs/operations.md."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))


def test_compose_file_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    schema = json.loads(
        (files("check_jsonschema.builtin_schemas") / "vendor" / "compose-spec.json").read_text()
    )
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(compose)] == []
    # The schema does say no: a misspelt key, and a port that is no port.
    for wrong in ({"services": {"web": {"imagee": "x"}}}, {"services": {"web": {"ports": [{"target": []}]}}}):
        assert list(validator.iter_errors(wrong))


def test_what_a_service_depends_on_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for other, how in service.get("depends_on", {}).items():
            assert other in services
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[other]
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in compose["volumes"]


def test_every_variable_of_the_settings_can_be_given_to_a_deployment(compose: dict[str, Any]) -> None:
    given = set_by_the_image()
    for service in OURS:
        given |= set(compose["services"][service]["environment"])
    assert named_in_settings() - NOT_FOR_DEPLOYMENT == given - NOT_OURS - BEFORE_THE_SETTINGS


def test_every_variable_is_documented_and_no_other() -> None:
    interpolated = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE))
    assert documented() == named_in_settings() | interpolated | BEFORE_THE_SETTINGS


def test_every_queue_has_a_process_that_takes_from_it(settings: Any) -> None:
    queues = {"celery"} | {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    for text in (COMPOSE, OPERATIONS, (ROOT / "Procfile").read_text()):
        assert set(re.findall(r"--queues\W+(\w+)", text)) == queues


def test_only_migrating_holds_the_owners_password(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        text = json.dumps(service)
        assert ("DATABASE_OWNER_PASSWORD" in text) == (name in ("migrate", "postgres"))
        assert ("DATABASE_OWNER_URL" in text) == (name == "migrate")


def test_no_secret_has_a_default() -> None:
    secrets = re.findall(r"\$\{((?:[A-Z_]*PASSWORD|SECRET_KEY(?!_)))(.)(.)", COMPOSE)
    assert {name for name, *_ in secrets} == {
        "SECRET_KEY",
        "DATABASE_APP_PASSWORD",
        "DATABASE_OWNER_PASSWORD",
        "REDIS_PASSWORD",
        "EMAIL_HOST_PASSWORD",
    }
    for name, *how in secrets:
        # A mail server may ask for none; everything else must be set, and not to nothing.
        assert how == ([":", "-"] if name == "EMAIL_HOST_PASSWORD" else [":", "?"])
    assert "${EMAIL_HOST_PASSWORD:-}" in COMPOSE


@pytest.mark.parametrize("name", [*LASTING, "migrate"])
def test_service_runs_without_root_on_a_root_that_is_read_only(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "/tmp" in {mount.split(":")[0] for mount in service["tmpfs"]}  # noqa: S108  the container's own
    if name not in OURS:
        assert service["user"] == name


def bytes_of(size: str) -> int:
    """`size` as Compose writes it, a variable's default included."""
    number, unit = re.fullmatch(r"(?:\$\{\w+:-)?(\d+)([mg])b?\}?", size).groups()  # type: ignore[union-attr]
    return int(number) * 1024 ** {"m": 2, "g": 3}[unit]


@pytest.mark.parametrize("name", [*LASTING, "migrate"])
def test_no_service_can_take_the_whole_machine(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert bytes_of(service["mem_limit"]) <= 2 * 1024**3
    # As much with swap as without: none.
    assert service["memswap_limit"] == service["mem_limit"]
    assert 0 < service["pids_limit"] <= 256
    for mount in service["tmpfs"]:
        size = re.search(r":(?:.*,)?size=(\w+)", mount)
        assert size, f"{name} may fill the memory through {mount}"
        assert bytes_of(size[1]) <= bytes_of(service["mem_limit"]) / 4


def test_redis_says_no_before_it_is_ended(compose: dict[str, Any]) -> None:
    service = compose["services"]["redis"]
    holds = re.search(r"--maxmemory (\w+)", service["command"][-1])
    assert holds
    assert 2 * bytes_of(holds[1]) <= bytes_of(service["mem_limit"])


def test_image_ends_as_a_user_of_its_own() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert DOCKERFILE.index("USER 10001") < DOCKERFILE.rindex("\nCMD ")


@pytest.mark.parametrize("name", LASTING)
def test_service_that_lasts_says_whether_it_is_well(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"


def test_nothing_but_loopback_is_published(compose: dict[str, Any]) -> None:
    published = {
        name: service["ports"] for name, service in compose["services"].items() if "ports" in service
    }
    assert published == {"web": ["127.0.0.1:${WEB_PORT:-8000}:8000"]}
    assert compose["networks"]["inside"] == compose["networks"]["metrics"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert compose["services"][name]["networks"] == ["inside"]


def test_each_process_serves_its_metrics_where_prometheus_alone_comes(compose: dict[str, Any]) -> None:
    for name in PORTS:
        service = compose["services"][name]
        assert "metrics" in service["networks"]
        assert f"'{name}:{9464 + PORTS[name]}'" in OPERATIONS
    for name in ("postgres", "redis", "migrate"):
        assert "metrics" not in compose["services"][name]["networks"]


def test_database_and_broker_are_the_ones_that_were_chosen(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert "/postgres:17" in services["postgres"]["image"]
    assert "/redis:7" in services["redis"]["image"]
    command = services["redis"]["command"][-1]
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
