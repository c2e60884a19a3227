"""`manage.py load_framework`: the first edition of the AIM Intervention Framework, and AIM3's constructs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand

from assessments.case_studies.actions import load_framework

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "framework.yaml"


class Command(BaseCommand):
    help = "Loads the AIM Intervention Framework and AIM3's constructs. Running it again is safe."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_framework(content=yaml.safe_load(REFERENCE.read_text(encoding="utf-8")))
        self.stdout.write(f"Framework: {loaded.areas} areas, {loaded.domains} domains.")
        if loaded.programme_missing:
            self.stdout.write(
                f"There is no programme {loaded.programme_missing} yet, so its framework was not loaded:"
                " run this again once it exists."
            )
