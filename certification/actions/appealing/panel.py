"""Who decides an appeal: taken in hand by an AIM admin, who appoints people without a part in it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import find_or_create_person
from accounts.models import Person
from certification.actions.appealing.asking import AppealRefused, locked_appeal
from certification.appeals import is_connected, needs_unconnected, parts_in
from certification.emails import tell_panel_member
from certification.models import Appeal, PanelMember, PanelRule
from courses.models import Licence


class HadAPart(AppealRefused):
    """Who would act had a part in what the appeal is about, or a conflict; the words say which."""


@transaction.atomic
def take_appeal(*, appeal: Appeal, by: Person) -> Appeal:
    """Take an appeal in hand, to appoint who decides it.

    Args:
        appeal: an open one.
        by: an AIM admin with no part in what it is about.

    Returns:
        The appeal; taken in hand before, as it was.

    Raises:
        AppealOver.
        HadAPart: `by` had a part in it.

    Side effects:
        It stands on the list as in hand, with who has it.
    """
    appeal = locked_appeal(appeal)
    require_no_part(appeal, by)
    if appeal.taken_at is None:
        appeal.taken_at, appeal.taken_by = timezone.now(), by
        appeal.save(update_fields=["taken_at", "taken_by"])
    return appeal


@transaction.atomic
def appoint_member(
    *, appeal: Appeal, email: str, name: str = "", is_unconnected: bool = False, by: Person
) -> PanelMember:
    """Appoint somebody to decide an appeal with others.

    Args:
        appeal: an open one that was taken in hand.
        email: the address of who is appointed. Of somebody unconnected with The AIM Project an account is
            made where there is none.
        name: of somebody who has no account yet.
        is_unconnected: they were never on the staff and never held a licence; else they are on it, or hold
            one in force.
        by: an AIM admin with no part in what it is about.

    Returns:
        The member; appointed before, as they were.

    Raises:
        AppealOver.
        HadAPart: `by` had a part in it.
        AppealRefused: it is not in hand, they had a part in it, or are not what is said of them.

    Side effects:
        A letter to them; they can read the appeal's file once they declared that they have no part in it.
    """
    appeal = locked_appeal(appeal)
    require_no_part(appeal, by)
    if appeal.taken_at is None:
        raise AppealRefused(_("Take it in hand first."))
    person = find_or_create_person(name=name or email.split("@")[0], email=email)
    if found := appeal.members.standing().filter(person=person).first():
        return found
    if parts_in(person, appeal.enrolment):
        raise AppealRefused(
            _("They had a part in what this is about, or a conflict. Appoint somebody else."), "email"
        )
    if is_unconnected and is_connected(person):
        raise AppealRefused(
            _("They are not unconnected: they are or were on The AIM Project’s staff, or licensed by it."),
            "email",
        )
    if not is_unconnected and not _is_of_the_project(person):
        raise AppealRefused(
            _("They are neither on the staff nor hold a licence today. Say that they are unconnected."),
            "email",
        )
    made = PanelMember.objects.create(
        appeal=appeal, person=person, is_unconnected=is_unconnected, appointed_by=by
    )
    tell_panel_member(made)
    return made


@transaction.atomic
def end_member(*, member: PanelMember, by: Person) -> PanelMember:
    """Take somebody off who was appointed to decide; what they wrote stays.

    Args:
        member: of an open appeal.
        by: an AIM admin with no part in what it is about.

    Returns:
        The member; ended before, as they were.

    Raises:
        AppealOver, HadAPart.

    Side effects:
        They no longer read anything of it.
    """
    appeal = locked_appeal(member.appeal)
    require_no_part(appeal, by)
    member = PanelMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.ended_at is None:
        member.ended_at, member.ended_by = timezone.now(), by
        member.save(update_fields=["ended_at", "ended_by"])
    return member


@transaction.atomic
def declare_no_part(*, member: PanelMember, by: Person) -> PanelMember:
    """Declare that one has no part in what an appeal is about, and is unconnected where one has to be.

    Args:
        member: their own place among those who decide.
        by: that person.

    Returns:
        The member; declared before, as it was.

    Raises:
        AppealOver.
        HadAPart: what is known tells otherwise.
        AppealRefused: the place is another's, or was ended.

    Side effects:
        They can read the appeal's file.
    """
    appeal = locked_appeal(member.appeal)
    member = PanelMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.person_id != by.pk or member.ended_at is not None:
        raise AppealRefused(_("You are not among those who decide this."))
    if member.declared_at is not None:
        return member
    require_no_part(appeal, by)
    if member.is_unconnected and is_connected(by):
        raise HadAPart(_("You are or were on the staff of The AIM Project, or hold or held a licence."))
    member.declared_at = timezone.now()
    member.save(update_fields=["declared_at"])
    return member


@transaction.atomic
def set_panel_rule(*, needs: bool, reason: str, by: Person) -> PanelRule:
    """Say whether one who decides has to be unconnected with The AIM Project; every appeal shows the reason.

    Args:
        needs: whether.
        reason: why it is so from now on.
        by: an AIM admin.

    Returns:
        The row; where it is so already, for the same reason, the one that there is.

    Raises:
        AppealRefused: no reason.

    Side effects:
        Appeals that are open are decided by it too.
    """
    if not reason.strip():
        raise AppealRefused(_("Say why. Every appeal that is decided so shows it."), "reason")
    _needed, rule = needs_unconnected()
    if rule is not None and (rule.needs_unconnected, rule.reason) == (needs, reason.strip()):
        return rule
    return PanelRule.objects.create(needs_unconnected=needs, reason=reason.strip(), set_by=by)


def require_no_part(appeal: Appeal, by: Person) -> None:
    """Go on only if `by` had no part in what `appeal` is about.

    Raises:
        HadAPart: with why.
    """
    if found := parts_in(by, appeal.enrolment):
        raise HadAPart(" ".join([*found, _("Somebody else does this.")]))


def _is_of_the_project(person: Person) -> bool:
    today = timezone.localdate()
    return person.is_aim_admin or Licence.objects.in_force(today).filter(associate=person).exists()
