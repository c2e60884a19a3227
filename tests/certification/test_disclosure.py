"""What each viewer may be told at each stage: the whole table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.states import Outcome
from certification.actions import read_feedback, record_step, release, send_on
from certification.disclosure import Following, Shown, Told, Viewer, people_of, told, with_results
from certification.states import DecisionKind
from courses.models import Course, Enrolment
from tests import factories
from tests.certification import outcomes

pytestmark = pytest.mark.django_db

P, S, A = Viewer.PARTICIPANT, Viewer.SPONSOR, Viewer.AIM


def told_to(enrolment: Enrolment, viewer: Viewer) -> Told:
    return told(with_results(Enrolment.objects.filter(pk=enrolment.pk)).get(), viewer)


def before() -> Enrolment:
    return factories.enrolment(factories.course(starts=timezone.now() + timedelta(days=9)))


def running() -> Enrolment:
    return factories.enrolment(factories.course())


def _with_sitting(*, over: bool = False, closed: bool = False) -> Course:
    course = factories.course(starts=timezone.now() - timedelta(days=2 if over else 0, hours=1))
    factories.sitting(course, closed=closed)
    return course


def answering() -> Enrolment:
    made = factories.enrolment(_with_sitting())
    factories.submission(made, submitted=False)
    return made


def submitted() -> Enrolment:
    made = factories.enrolment(_with_sitting())
    factories.submission(made)
    return made


def submitted_and_over() -> Enrolment:
    made = factories.enrolment(_with_sitting(over=True, closed=True))
    factories.submission(made)
    return made


def nothing_sent() -> Enrolment:
    return factories.enrolment(_with_sitting(over=True, closed=True))


def marked() -> Enrolment:
    made = submitted_and_over()
    factories.recommendation(made, marking=factories.marking(made.submissions.get()), finalised=False)
    return made


def not_yet_unfinalised() -> Enrolment:
    made = submitted_and_over()
    factories.recommendation(made, outcome=Outcome.NOT_YET, finalised=False)
    return made


def competent() -> Enrolment:
    return factories.recommended(factories.course())


def returned() -> Enrolment:
    made = competent()
    outcomes.decided(made, DecisionKind.RETURNED)
    return made


def refused_and_reopened() -> Enrolment:
    made = competent()
    outcomes.decided(made, DecisionKind.REFUSED)
    factories.recommendation(made, outcome=Outcome.NOT_YET, finalised=False)
    return made


def not_yet_unread() -> Enrolment:
    return outcomes.follow_up(factories.course()).enrolment


def not_yet_due_unread() -> Enrolment:
    return release(follow_up=outcomes.past(outcomes.follow_up(factories.course()))).enrolment


def not_yet_opened() -> Enrolment:
    return outcomes.opened(factories.course()).enrolment


def not_yet_due_opened() -> Enrolment:
    return release(follow_up=outcomes.past(outcomes.opened(factories.course()))).enrolment


def not_yet_read() -> Enrolment:
    return outcomes.released(factories.course()).enrolment


def not_assessed_read() -> Enrolment:
    return outcomes.released(factories.course(), outcome=Outcome.NOT_ASSESSED).enrolment


def followed_up() -> Enrolment:
    made = outcomes.released(factories.course())
    record_step(
        follow_up=made,
        done="Spoke.",
        done_on=timezone.localdate(),
        closes=True,
        by=made.enrolment.course.created_by,
    )
    return made.enrolment


def certified() -> Enrolment:
    return outcomes.certified(factories.course())


def revoked() -> Enrolment:
    made = certified()
    outcomes.revoked(made)
    return made


def refused_then_not_yet_read() -> Enrolment:
    made = refused_and_reopened()
    recommendation = made.recommendations.get(finalised_at__isnull=True)
    by = recommendation.recommended_by
    recommendation.finalised_at, recommendation.finalised_by = timezone.now(), by
    recommendation.save()
    follow_up = outcomes.open_follow_up(recommendation=recommendation, by=by)
    read_feedback(follow_up=follow_up, by=made.person)
    return send_on(follow_up=follow_up, by=made.person).enrolment


def withdrawn() -> Enrolment:
    made = running()
    made.withdrawn_at, made.withdrawn_by = timezone.now(), made.person
    made.save()
    return made


def cancelled() -> Enrolment:
    made = before()
    made.course.cancelled_at, made.course.cancelled_by = timezone.now(), made.course.created_by
    made.course.save()
    return made


@pytest.mark.parametrize(
    ("stage", "participant", "sponsor", "aim"),
    [
        (before, Shown.ENROLLED, Shown.ENROLLED, Shown.ENROLLED),
        (running, Shown.ON_COURSE, Shown.ON_COURSE, Shown.ON_COURSE),
        (answering, Shown.ANSWERING, Shown.ON_COURSE, Shown.ANSWERING),
        (submitted, Shown.BEING_MARKED, Shown.ON_COURSE, Shown.BEING_MARKED),
        (submitted_and_over, Shown.BEING_MARKED, Shown.BEING_MARKED, Shown.BEING_MARKED),
        (nothing_sent, Shown.NOTHING_SENT, Shown.BEING_MARKED, Shown.NOTHING_SENT),
        (marked, Shown.BEING_MARKED, Shown.BEING_MARKED, Shown.BEING_MARKED),
        (not_yet_unfinalised, Shown.BEING_MARKED, Shown.BEING_MARKED, Shown.BEING_MARKED),
        (competent, Shown.WITH_AIM, Shown.WITH_AIM, Shown.WITH_AIM),
        (returned, Shown.WITH_AIM, Shown.WITH_AIM, Shown.RETURNED),
        (refused_and_reopened, Shown.WITH_AIM, Shown.WITH_AIM, Shown.RETURNED),
        (not_yet_unread, Shown.FEEDBACK_WAITS, Shown.WITH_AIM, Shown.NOT_YET),
        (not_yet_due_unread, Shown.FEEDBACK_WAITS, Shown.NOT_YET, Shown.NOT_YET),
        (not_yet_opened, Shown.NOT_YET, Shown.WITH_AIM, Shown.NOT_YET),
        (not_yet_due_opened, Shown.NOT_YET, Shown.NOT_YET, Shown.NOT_YET),
        (not_yet_read, Shown.NOT_YET, Shown.NOT_YET, Shown.NOT_YET),
        (not_assessed_read, Shown.NOT_ASSESSED, Shown.NOT_ASSESSED, Shown.NOT_ASSESSED),
        (refused_then_not_yet_read, Shown.NOT_YET, Shown.NOT_YET, Shown.NOT_YET),
        (followed_up, Shown.NOT_YET, Shown.NOT_YET, Shown.NOT_YET),
        (certified, Shown.CERTIFIED, Shown.CERTIFIED, Shown.CERTIFIED),
        (revoked, Shown.CERTIFICATE_ENDED, Shown.CERTIFICATE_ENDED, Shown.CERTIFICATE_ENDED),
        (withdrawn, Shown.WITHDRAWN, Shown.WITHDRAWN, Shown.WITHDRAWN),
        (cancelled, Shown.CANCELLED, Shown.CANCELLED, Shown.CANCELLED),
    ],
)
def test_stage_is_shown_to_each_viewer_as_they_may_know_it(
    stage: Callable[[], Enrolment], participant: Shown, sponsor: Shown, aim: Shown
) -> None:
    made = stage()
    assert [told_to(made, viewer).stage for viewer in (P, S, A)] == [participant, sponsor, aim]


def test_unreleased_not_yet_reads_to_the_sponsor_exactly_like_unapproved_competent() -> None:
    assert told_to(not_yet_unread(), S) == told_to(not_yet_opened(), S) == told_to(competent(), S)


def test_follow_up_is_named_only_to_who_may_open_it() -> None:
    unread = not_yet_unread()
    assert told_to(unread, S).follow_up is None
    assert told_to(unread, P).follow_up == unread.follow_ups.get().uuid
    assert told_to(unread, P).following == Following.WITH_PERSON
    assert told_to(unread, A).following == Following.WITH_PERSON
    assert told_to(not_yet_opened(), P).following == Following.WITH_PERSON
    assert told_to(not_yet_due_unread(), P).following == Following.OPEN
    assert told_to(not_yet_read(), S).following == Following.OPEN
    assert told_to(followed_up(), S).following == Following.CLOSED


def test_certificate_is_named_with_its_reference_and_day() -> None:
    made = certified()
    certificate = made.certificates.get()
    found = told_to(made, S)
    assert (found.certificate, found.certificate_reference) == (certificate.uuid, certificate.reference)
    assert found.certificate_issued_on == certificate.issued_on


def test_marking_date_told_to_the_room_is_shown_while_it_is_marked() -> None:
    made = submitted_and_over()
    sitting = made.course.sitting
    sitting.marking_due_on = timezone.localdate() + timedelta(days=3)
    sitting.save()
    assert told_to(made, P).marking_due_on == told_to(made, S).marking_due_on == sitting.marking_due_on


def test_people_of_leaves_out_others_people_the_self_funded_and_oneself() -> None:
    course, ours, theirs = outcomes.two_sponsors()
    commissioner = factories.commissioner(ours)
    mine = factories.enrolment(course)
    for sponsor in (theirs, None):
        factories.enrolment(course, sponsor=sponsor)
    factories.enrolment(course, commissioner)
    assert list(people_of(course, commissioner)) == [mine]
    assert people_of(course, factories.commissioner(theirs)).count() == 1
    assert people_of(course, factories.admin()).count() == 4


def test_people_of_leaves_out_a_walk_in_whom_the_sponsor_has_not_confirmed() -> None:
    course, ours, _theirs = outcomes.two_sponsors()
    walk_in = factories.enrolment(course, confirmed=False)
    walk_in.nomination.is_walk_in = True
    walk_in.nomination.save()
    commissioner = factories.commissioner(ours)
    assert not people_of(course, commissioner).exists()
    walk_in.sponsor_confirmed_at, walk_in.sponsor_confirmed_by = timezone.now(), commissioner
    walk_in.save()
    assert list(people_of(course, commissioner)) == [walk_in]


def test_trainer_of_the_course_has_no_people_as_a_sponsor() -> None:
    course = factories.course()
    factories.enrolment(course)
    assert not people_of(course, factories.trainer_of(course)).exists()
