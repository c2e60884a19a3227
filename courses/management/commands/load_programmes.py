"""`manage.py load_programmes`: AIM3 and AIM Under 12s."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand

from courses.actions.programmes import load_programmes

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "programmes.yaml"


class Command(BaseCommand):
    help = "Loads the programmes that people are trained in. Running it again is safe."

    def handle(self, *args: Any, **options: Any) -> None:
        count = load_programmes(content=yaml.safe_load(REFERENCE.read_text(encoding="utf-8")))
        self.stdout.write(f"Programmes: {count}.")
