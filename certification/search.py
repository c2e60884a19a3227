"""What a search finds in certification: people, each with a page of their own; certificates."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Person, found_by
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.search import Found, Group, group
from certification.models import Certificate
from certification.permissions import Certification


def search(user: Person, q: str) -> list[Group]:
    """For an AIM admin people by a part of their name or of an address; certificates by what is on them."""
    groups = []
    if user.has_perm(Certification.SEE_PERSON):
        people = Person.objects.visible_to(user).filter(pk__in=found_by(q).values("pk"))
        groups.append(group(_("People"), people.order_by(InOrder("name"), "pk"), _person))
    certificates = Certificate.objects.visible_to(user).matching(q).order_by("-number")
    url = ""
    if user.has_perm(Certification.SEE_REGISTER):
        url = f"{reverse('certification:certificates')}?{urlencode({'q': q})}"
    return [*groups, group(_("Certificates"), certificates, _certificate, url=url)]


def _person(person: Person) -> Found:
    hint = person.email if person.is_active else _("%(email)s, closed") % {"email": person.email}
    return Found(str(person), reverse("certification:person", args=[person.uuid]), hint)


def _certificate(certificate: Certificate) -> Found:
    words = {
        "number": certificate.reference,
        "programme": certificate.programme_name,
        "day": date_format(certificate.issued_on),
        "state": certificate.get_state_display(),
    }
    hint = _("%(number)s, %(programme)s, %(day)s: %(state)s") % words
    return Found(certificate.name, reverse("certification:certificate", args=[certificate.uuid]), hint)
