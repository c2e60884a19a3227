"""`manage.py load_sample`: the demo's people, courses and outcomes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certification.sample.story import Story, at, is_told

# Days before today: earlier than anything in the story.
OLDEST = 150


class Command(BaseCommand):
    help = "Loads the demo's sample data, once; refuses outside the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Sample data is for the demo alone: set AIMCERT_DEMO=1 on a database of its own."
            )
        if is_told():
            self.stdout.write("The sample data is there already.")
            return
        # The case studies are written on what was there before them.
        with at(timezone.now() - timedelta(days=OLDEST)):
            call_command("load_programmes", stdout=self.stdout)
            call_command("load_framework", stdout=self.stdout)
        Story(say=self.stdout.write).tell()
