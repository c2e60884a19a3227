"""Who reads a version and what is said to it: the look-up and the rule give the same answer for everyone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Person
from assessments.case_studies import actions
from assessments.models import Objection, Version
from assessments.permissions import Assessments
from courses.models import Programme
from tests import factories
from tests.assessments.case_studies import versions as make

pytestmark = pytest.mark.django_db


def people(programme: Programme, *versions: Version) -> dict[str, Person]:
    """Somebody of each sort there is to these versions."""
    by = factories.admin()
    found = {
        "admin": by,
        "licensed": factories.associate(programme),
        "licensed abroad": factories.associate(programme, "NZ"),
        "not cleared": factories.associate(programme, cleared=False),
        "licensed for another": factories.associate(factories.ProgrammeFactory.create()),
        "licence ended": factories.associate(programme),
        "licence to come": factories.associate(programme),
        "licence withdrawn": factories.associate(programme),
        "author": factories.PersonFactory.create(),
        "author no more": factories.PersonFactory.create(),
        "commissioner": factories.commissioner(factories.OrganisationFactory.create()),
        "nobody": factories.PersonFactory.create(),
    }
    today = timezone.localdate()
    found["licence ended"].licences.update(valid_until=today - timedelta(days=1))
    found["licence to come"].licences.update(valid_from=today + timedelta(days=1))
    found["licence withdrawn"].licences.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    for version in versions:
        version.authors.create(person=found["author"], invited_by=by)
        version.authors.create(
            person=found["author no more"], invited_by=by, ended_at=timezone.now(), ended_by=by
        )
    return found


READS = {"admin", "licensed", "licensed abroad", "not cleared", "author"}
READS_A_DRAFT = {"admin", "author"}
AGREES = {"licensed", "licensed abroad", "not cleared"}


@pytest.mark.parametrize("stage", ["draft", "proposed", "frozen"])
def test_the_look_up_and_the_rules_agree_for_everyone(stage: str) -> None:
    programme, admin = factories.ProgrammeFactory.create(), factories.admin()
    agreed = factories.associate(programme)
    version = make.draft(programme, admin)
    if stage != "draft":
        version = actions.propose_version(version=version, by=admin)
    if stage == "frozen":
        make.all_agree(version, agreed)
        version = actions.freeze_version(version=version, by=admin)
    sees, reads, agrees, leads = set(), set(), set(), set()
    for name, person in people(programme, version).items():
        person = Person.objects.get(pk=person.pk)
        if Version.objects.visible_to(person).filter(pk=version.pk).exists():
            sees.add(name)
        for permission, who in (
            (Assessments.READ_MODEL_ANSWERS, reads),
            (Assessments.AGREE_TO_VERSION, agrees),
            (Assessments.LEAD_AGREEMENT, leads),
        ):
            if person.has_perm(permission, version):
                who.add(name)
    assert sees == reads == (READS_A_DRAFT if stage == "draft" else READS)
    assert agrees == (set() if stage == "draft" else AGREES)
    assert leads == {"admin"}


def test_objections_are_read_with_their_version_answered_by_few_and_withdrawn_by_one() -> None:
    programme, admin = factories.ProgrammeFactory.create(), factories.admin()
    raised_by = factories.associate(programme)
    version = make.proposed(programme, admin)
    objection = actions.object_to(version=version, passage="head", reason="The title.", by=raised_by)
    sees, replies, withdraws = set(), set(), set()
    for name, person in {**people(programme, version), "raised it": raised_by}.items():
        person = Person.objects.get(pk=person.pk)
        if Objection.objects.visible_to(person).filter(pk=objection.pk).exists():
            sees.add(name)
        if person.has_perm(Assessments.REPLY_TO_OBJECTION, objection):
            replies.add(name)
        if person.has_perm(Assessments.WITHDRAW_OBJECTION, objection):
            withdraws.add(name)
    assert sees == {*READS, "raised it"}
    assert replies == {"admin", "author", "raised it"}
    assert withdraws == {"raised it"}
