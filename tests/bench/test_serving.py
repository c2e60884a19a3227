"""What is measured, and what it is measured against, are two things."""

from __future__ import annotations

import os
from pathlib import Path

from bench import serving


def test_the_floor_is_another_site_than_ours(tmp_path: Path) -> None:
    """Under one gunicorn.conf.py, which reads the settings first: for a day both of them were ours."""
    processes, ours, floor = serving.serve_both(dict(os.environ), tmp_path)
    try:
        assert ours != floor
        assert [serving.is_floor(port) for port in (ours, floor)] == [False, True]
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)
