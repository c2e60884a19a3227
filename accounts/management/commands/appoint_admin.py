"""`manage.py appoint_admin NAME EMAIL`: the first AIM admin of a deployment."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import appoint_staff
from accounts.addresses import AddressField
from accounts.models import StaffAppointment
from aimcert.foundation.refusals import Refused


class Command(BaseCommand):
    help = "Appoints a deployment's first AIM admin, who appoints all others in the pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("email")

    def handle(self, *args: Any, name: str, email: str, **options: Any) -> None:
        """Appoint, or say who is there already."""
        try:
            address = AddressField().clean(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        others = StaffAppointment.objects.filter(ended_at__isnull=True).exclude(person__email=address)
        if others.exists():
            raise CommandError("There is an AIM admin already, who can appoint others on the staff page.")
        try:
            appointment = appoint_staff(name=name, email=address, by=None)
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        self.stdout.write(f"{appointment.person.name} <{appointment.person.email}> is an AIM admin.")
