"""Who may do what with people and organisations."""

from __future__ import annotations

import rules

from accounts.models import Organisation, Person
from accounts.permissions import Accounts


@rules.predicate
def is_aim_admin(person: Person) -> bool:
    """Belongs to The AIM Project's staff now."""
    return person.is_authenticated and person.is_aim_admin


@rules.predicate
def acts_for(person: Person, organisation: Organisation | None) -> bool:
    """Acts for this organisation now."""
    return person.is_authenticated and organisation is not None and organisation.pk in person.organisation_ids


rules.add_perm(Accounts.MANAGE_ORGANISATIONS, is_aim_admin)
rules.add_perm(Accounts.VIEW_ORGANISATION, is_aim_admin | acts_for)
rules.add_perm(Accounts.MANAGE_ACCOUNTS, is_aim_admin)
rules.add_perm(Accounts.MANAGE_STAFF, is_aim_admin)
rules.add_perm(Accounts.SEE_UNSENT_EMAILS, is_aim_admin)
rules.add_perm(Accounts.SEE_AUDIT_LOG, is_aim_admin)
rules.add_perm(Accounts.PUBLISH_LEGAL_PAGES, is_aim_admin)
