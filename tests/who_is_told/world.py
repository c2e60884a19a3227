"""A world full of people whom a letter could reach by mistake, and some whom it should."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Person, StaffAppointment
from courses.models import CourseAssociate
from tests import factories as make

NEW = "newcomer@people.example"


class World:
    """One course and everybody around it.

    Attributes:
        course: two trainers, commissioned by `organisation`, with places of `person` and two others.
        people: by the words of docs/who-is-told.md, the addresses that are meant.
    """

    @transaction.atomic
    def __init__(self, *, begun: bool) -> None:
        now = timezone.now()
        self.admins = [make.admin(name="Ada Admin"), make.admin(name="Alf Admin")]
        self.admin = self.admins[0]
        self.programme = make.ProgrammeFactory.create()
        self.trainers = [make.associate(self.programme, name=f"Trainer {number}") for number in (1, 2)]
        self.associate = make.associate(self.programme, name="Olga Associate")
        self.organisation, self.other = make.OrganisationFactory.create_batch(2)
        self.commissioners = [make.commissioner(self.organisation) for _ in range(2)]
        others = [make.commissioner(self.other)]
        self.course = make.course(
            programme=self.programme,
            organisation=self.organisation,
            trainers=self.trainers,
            starts=now - timedelta(hours=1) if begun else now + timedelta(days=7),
        )
        self.enrolment = make.enrolment(self.course, make.PersonFactory.create(name="Zoë O’Neill"))
        self.person = self.enrolment.person
        fellows = [make.enrolment(self.course, sponsor=None), make.enrolment(self.course, sponsor=self.other)]
        self.nomination = make.nomination(self.course)
        elsewhere = make.nomination(self.course, sponsor=self.other)
        self._bystanders()
        self.people = {
            "the person": _addresses(self.person),
            "the participants": _addresses(self.person, *(fellow.person for fellow in fellows)),
            "the nominee": {self.nomination.email},
            "the invited": {self.nomination.email, elsewhere.email},
            "the trainers": _addresses(*self.trainers),
            "the trainer who recommended it": _addresses(self.trainers[0]),
            "the trainer who recorded it": _addresses(self.trainers[0]),
            "the sponsor": _addresses(*self.commissioners),
            "the sponsors": _addresses(*self.commissioners, *others),
            "who holds the conversation": _addresses(self.trainers[0]),
            "the Associate": _addresses(self.associate),
            "who has to confirm it": _addresses(self.associate),
            "the Associates": _addresses(*self.trainers, self.associate),
            "whoever asked": _addresses(self.trainers[0]),
            "the author": _addresses(self.admin),
            "The AIM Project": _addresses(*self.admins),
            "the newcomer": {NEW},
            "the new address": {NEW},
            "the address that was typed": {NEW},
            "the owner of that address": _addresses(self.associate),
            "the old address": _addresses(self.person),
        }

    def _bystanders(self) -> None:
        """Whoever has, or had, something to do with it, and is to be told of nothing."""
        never_anything, former_commissioner, former_admin = make.PersonFactory.create_batch(3)
        _ended(Membership(person=former_commissioner, organisation=self.organisation))
        _ended(StaffAppointment(person=former_admin))
        make.commissioner(make.OrganisationFactory.create(name="A stranger’s council"))
        elsewhere = make.course(programme=self.programme, hosted=True, trainers=self.trainers[:1])
        make.enrolment(elsewhere, sponsor=None)
        make.enrolment(self.course, withdrawn_at=timezone.now(), withdrawn_by=never_anything)
        make.nomination(self.course, declined_at=timezone.now())
        make.nomination(self.course, withdrawn_at=timezone.now(), withdrawn_by=never_anything)
        # Closed accounts in every role, and one that was joined to another and is not read any more.
        for person in (
            make.commissioner(self.organisation),
            make.admin(),
            make.enrolment(self.course).person,
            self._assigned(make.associate(self.programme)),
        ):
            _close(person)
        joined = make.commissioner(self.organisation)
        _close(joined, merged_into=self.commissioners[0])
        # Licensed no more, and still on the course that they were to train.
        former = self._assigned(make.associate(self.programme))
        former.licences.update(withdrawn_at=timezone.now(), withdrawn_by=self.admin)

    def _assigned(self, associate: Person) -> Person:
        licence = associate.licences.get()
        CourseAssociate.objects.create(
            course=self.course, associate=associate, licence=licence, assigned_by=self.admin
        )
        return associate


def _addresses(*people: Person) -> set[str]:
    return {person.email for person in people}


def _ended(standing: Any) -> None:
    standing.started_by = standing.ended_by = standing.person
    standing.started_at = timezone.now() - timedelta(days=400)
    standing.ended_at = timezone.now() - timedelta(days=30)
    standing.save()


def _close(person: Person, **fields: Any) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False, **fields)
