"""A container's own check: python ops/alive.py NAME [HOST:PORT] succeeds while /healthz calls NAME alive.

Imports nothing but Python itself, since it runs every few seconds.
"""

from __future__ import annotations

import json
import sys
from http.client import HTTPConnection, HTTPException


def alive(name: str, address: str) -> bool:
    """Whether the web server at `address` answers and knows a fresh sign of life of `name`."""
    connection = HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", "/healthz")
        # 503, which holds the same, says that some process is not well; perhaps another one.
        return bool(json.load(connection.getresponse())[name])
    except (OSError, HTTPException, ValueError, KeyError):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if alive(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1:8000") else 1)
