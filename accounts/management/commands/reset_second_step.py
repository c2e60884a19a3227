"""`manage.py reset_second_step EMAIL REASON`: where no AIM admin can get in any more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import reset_second_factor
from accounts.models import Person


class Command(BaseCommand):
    help = "Takes away the second steps of somebody who lost them; AIM admins do it in the pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("reason", help="why, and how they were recognised; it is kept")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        """Reset, or say that there was nothing to reset."""
        if not reason.strip():
            raise CommandError("Say why, and how they were recognised: it is kept.")
        person = Person.objects.with_address(email).first()
        if person is None:
            raise CommandError("Nobody has this address.")
        if reset_second_factor(person=person, reason=reason.strip(), by=None):
            self.stdout.write(f"{person.name} <{person.email}> signs in with an emailed code alone now.")
        else:
            self.stdout.write(f"{person.name} <{person.email}> has no second step.")
