"""The wheels' PostgreSQL and Redis start, survive a crash, keep their data, and end with their holder."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from aimcert import embedded
from tests.environment import ROOT


@pytest.fixture
def servers(tmp_path):
    started = embedded.start_servers(tmp_path / "Run 1, with ’", durable=True)
    yield started
    started.stop()
    embedded.forget(started.run_dir)


def ask(servers, role, sql):
    connection = psycopg2.connect(servers.database_url(role))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def redis_client(servers):
    return redis.Redis(unix_socket_path=str(embedded.redis_socket(servers.run_dir)))


def test_roles_are_no_superusers_and_the_owner_owns_the_database(servers):
    roles = "SELECT array_agg(rolname::text ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'aimcert_%'"
    assert ask(servers, embedded.APP, f"{roles} AND NOT rolsuper AND rolcanlogin") == [
        "aimcert_app",
        "aimcert_owner",
    ]
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert ask(servers, embedded.APP, owner) == embedded.OWNER
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(servers, embedded.APP, "CREATE TABLE mine (id int)")


def test_secrets_are_readable_by_their_owner_alone(servers):
    path = servers.run_dir / "secrets.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(set(json.loads(path.read_text()).values())) == 3


def test_wrong_password_is_refused(servers):
    url = servers.database_url(embedded.APP)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url.replace(url.split(":")[2].split("@")[0], "wrong"))


def test_data_outlive_a_crash_of_both(servers):
    ask(servers, embedded.OWNER, "CREATE TABLE kept AS SELECT 42 AS answer")
    redis_client(servers).set("kept", "42")
    time.sleep(1.2)  # Redis writes its file every second
    servers.postgres.kill()
    servers.redis.kill()
    assert not embedded.postgres_answers(servers.run_dir)
    assert not embedded.redis_answers(servers.run_dir)
    servers.postgres.start()
    servers.redis.start()
    assert ask(servers, embedded.OWNER, "SELECT answer FROM kept") == 42
    assert redis_client(servers).get("kept") == b"42"


def test_redis_keeps_every_message_it_took(servers):
    settings = redis_client(servers).config_get("*")
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "everysec"
    assert settings["maxmemory-policy"] == "noeviction"
    assert int(settings["databases"]) >= 16


def test_running_servers_are_not_deleted(servers):
    with pytest.raises(embedded.NotStarted, match="still runs"):
        embedded.forget(servers.run_dir)
    assert embedded.postgres_answers(servers.run_dir)


def test_deep_folder_has_its_sockets_elsewhere(tmp_path):
    deep = tmp_path / ("deep" * 12) / ("deeper" * 10)
    servers = embedded.start_servers(deep, durable=False)
    try:
        assert len(os.fsencode(embedded.redis_socket(deep))) <= embedded.SOCKET_PATH_BYTES
        assert ask(servers, embedded.APP, "SELECT 1") == 1
    finally:
        servers.stop()
        embedded.forget(deep)


def test_servers_end_when_their_holder_is_killed(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from aimcert import embedded\n"
        "servers = embedded.start_servers(Path(sys.argv[1]))\n"
        "print(servers.postgres.process.pid, servers.redis.process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "run")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        pids = [int(pid) for pid in holder.stdout.readline().split()]
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(os.path.exists(f"/proc/{pid}/exe") for pid in pids):
        time.sleep(0.1)
    assert not [pid for pid in pids if running(pid)]
    embedded.forget(tmp_path / "run")


def running(pid):
    """Whether `pid` runs; one that ended and waits to be collected does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


# --- A checkout that was copied -----------------------------------------------------------------


@pytest.fixture
def copied(tmp_path):
    """The servers of a checkout, and the run folder of a copy of it, links and all."""
    original = embedded.start_servers(tmp_path / "original", durable=False)
    ask(original, embedded.OWNER, "CREATE TABLE kept AS SELECT 42 AS answer")
    shutil.copytree(original.run_dir, tmp_path / "copy", symlinks=True, ignore=ignore_sockets)
    yield original, tmp_path / "copy"
    original.stop()
    embedded.forget(original.run_dir)


def ignore_sockets(folder, names):
    return [name for name in names if (Path(folder) / name).is_socket()]


def test_copy_has_data_of_its_own(copied):
    original, copy = copied
    servers = embedded.start_servers(copy, durable=False)
    try:
        assert servers.database_url(embedded.APP) != original.database_url(embedded.APP)
        ask(servers, embedded.OWNER, "DROP TABLE IF EXISTS kept")
        redis_client(servers).set("kept", "43")
    finally:
        servers.stop()
        embedded.forget(copy)
    assert ask(original, embedded.OWNER, "SELECT answer FROM kept") == 42
    assert redis_client(original).get("kept") is None


def test_forgetting_a_copy_leaves_the_original(copied):
    original, copy = copied
    embedded.forget(copy)
    assert not copy.exists()
    assert ask(original, embedded.OWNER, "SELECT answer FROM kept") == 42
    original.stop()
    original.postgres.start()
    assert ask(original, embedded.OWNER, "SELECT answer FROM kept") == 42


def test_copy_in_a_deep_folder_has_sockets_of_its_own(tmp_path):
    deep, copy = (tmp_path / ("deep" * 12) / name / ("deeper" * 10) for name in ("original", "copied"))
    deep.mkdir(parents=True)
    original = embedded.redis_server(deep)
    original.start()
    try:
        shutil.copytree(deep, copy, symlinks=True, ignore=ignore_sockets)
        assert embedded.redis_socket(copy) != embedded.redis_socket(deep)
        embedded.forget(copy)
        assert embedded.redis_answers(deep)
    finally:
        original.stop()
        embedded.forget(deep)
