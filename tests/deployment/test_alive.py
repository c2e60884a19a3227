"""A container's own check believes what /healthz says of its process, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "ops" / "alive.py"


@pytest.fixture
def web() -> Iterator[tuple[str, dict[str, Any]]]:
    """A server's address, and what it answers to /healthz."""
    answer: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answer["status"] if self.path == "/healthz" else 404)
            self.end_headers()
            self.wfile.write(answer["body"])

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", answer
    server.shutdown()
    server.server_close()
    thread.join(10)


def alive(name: str, address: str) -> bool:
    return subprocess.run([sys.executable, SCRIPT, name, address], check=False).returncode == 0


def test_process_is_alive_while_another_is_not(web: tuple[str, dict[str, Any]]) -> None:
    address, answer = web
    answer |= {"status": 503, "body": b'{"web": true, "worker": false, "beat": true}'}
    assert [alive(name, address) for name in ("web", "worker", "beat")] == [True, False, True]


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>"), (200, b"{}"), (502, b""), (200, b'{"web": false}')]
)
def test_anything_but_a_clear_yes_is_no(web: tuple[str, dict[str, Any]], status: int, body: bytes) -> None:
    address, answer = web
    answer |= {"status": status, "body": body}
    assert not alive("web", address)


def test_server_that_is_not_there_is_not_alive() -> None:
    assert not alive("web", "127.0.0.1:9")
