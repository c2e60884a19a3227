"""Each thing of docs/who-is-told.md, as it happens: the act itself, in a world that is ready for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

import accounts.actions
import certification.actions
import courses.actions
import safeguarding.actions
from accounts.models import Membership, Person, StaffAppointment
from accounts.second_factors import factors_of
from assessments.answering import actions as answering_actions
from assessments.answering.actions import Agreed, Following, Happened
from assessments.case_studies import actions as case_study_actions
from assessments.marking import actions as marking_actions
from assessments.models import Criterion, SecondMarker, SpecialConsideration, Unavailability, Version
from assessments.states import Adjusted, Judged, Outcome, WhatFollows
from certification.models import Appeal
from courses import expectations
from courses.models import Licence, MakeUpRequest, Nomination
from courses.states import Presence
from safeguarding.models import Record
from tests import factories as make
from tests.accounts.steps import with_app
from tests.assessments.case_studies import versions
from tests.certification import outcomes
from tests.courses.factories import nominee, times
from tests.paper import typed_in
from tests.who_is_told.world import NEW, World

# What happened before the act itself is written down first; `now` begins with the act.
Act = Callable[[], object]
HAPPENINGS: dict[str, tuple[Callable[[World], Act], bool]] = {}


def happens(what: str, *, begun: bool = False) -> Callable[[Callable[[World], Act]], Callable[[World], Act]]:
    """Declare how `what`, a line of the page, comes about; `begun`: while the course goes on."""

    def declare(prepared: Callable[[World], Act]) -> Callable[[World], Act]:
        HAPPENINGS[what] = (prepared, begun)
        return prepared

    return declare


# --- Accounts -----------------------------------------------------------------------------------------


@happens("somebody asks for a code to sign in")
def _(world: World) -> Act:
    return lambda: Client().post(reverse("account_login"), {"email": world.person.email})


@happens("somebody asks for a code with an address without an account")
def _(world: World) -> Act:
    return lambda: Client().post(reverse("account_login"), {"email": NEW})


@happens("somebody wants to move to a new address")
def _(world: World) -> Act:
    return lambda: accounts.actions.announce_email_change(
        person=world.person, email=NEW, code="1234", by=world.person
    )


@happens("somebody wants to move to an address that another account has")
def _(world: World) -> Act:
    return lambda: accounts.actions.announce_email_change(
        person=world.person, email=world.associate.email, code="1234", by=world.person
    )


@happens("somebody moves to a new address")
def _(world: World) -> Act:
    return lambda: accounts.actions.change_email(person=world.person, email=NEW, by=world.person)


@happens("somebody sets a password")
def _(world: World) -> Act:
    return lambda: accounts.actions.set_password(person=world.person, password="long enough", by=world.person)


@happens("somebody signs in on a new device")
def _(world: World) -> Act:
    accounts.actions.remember_device(person=world.person, device="0" * 64, name="Mac", by=world.person)
    return lambda: accounts.actions.remember_device(
        person=world.person, device="1" * 64, name="iPhone", by=world.person
    )


@happens("somebody is to show anew that it is them")
def _(world: World) -> Act:
    return lambda: accounts.actions.send_proving_code(person=world.person, code="1234", by=world.person)


@happens("somebody sets an app up as second step")
def _(world: World) -> Act:
    return lambda: with_app(world.person)


@happens("somebody adds a passkey")
def _(world: World) -> Act:
    return lambda: accounts.actions.add_passkey(
        person=world.person, name="Telephone", credential={}, by=world.person, keeping=""
    )


@happens("somebody removes a second step")
def _(world: World) -> Act:
    with_app(world.person)
    handle = factors_of(world.person)[0].handle
    return lambda: accounts.actions.remove_factor(
        person=world.person, handle=handle, by=world.person, keeping=""
    )


@happens("somebody makes new recovery codes")
def _(world: World) -> Act:
    with_app(world.person)
    return lambda: accounts.actions.renew_recovery_codes(person=world.person, by=world.person)


@happens("somebody’s second step is reset for them")
def _(world: World) -> Act:
    with_app(world.person)
    return lambda: accounts.actions.reset_second_factor(person=world.person, reason="Lost.", by=world.admin)


@happens("somebody is signed out by The AIM Project")
def _(world: World) -> Act:
    return lambda: accounts.actions.sign_out_for(person=world.person, reason="Left open.", by=world.admin)


@happens("everything held about somebody is asked for by The AIM Project")
def _(world: World) -> Act:
    return lambda: accounts.actions.request_export_for(person=world.person, reason="By post.", by=world.admin)


@happens("everything held about somebody, which they asked for, is written")
def _(world: World) -> Act:
    export = accounts.actions.request_export(person=world.person, by=world.person)
    return lambda: accounts.actions.make_export(export_id=export.pk)


@happens("somebody is to act for an organisation")
def _(world: World) -> Act:
    return lambda: accounts.actions.invite_commissioner(
        organisation=world.organisation, name="Nia", email=NEW, by=world.admin
    )


@happens("somebody no longer acts for an organisation")
def _(world: World) -> Act:
    membership = Membership.objects.create(
        person=world.person, organisation=world.organisation, started_by=world.admin
    )
    return lambda: accounts.actions.end_membership(membership=membership, by=world.admin)


@happens("somebody joins the staff")
def _(world: World) -> Act:
    return lambda: accounts.actions.appoint_staff(name="Nia", email=NEW, by=world.admin)


@happens("somebody leaves the staff")
def _(world: World) -> Act:
    appointment = StaffAppointment.objects.create(person=world.person, started_by=world.admin)
    return lambda: accounts.actions.end_staff_appointment(appointment=appointment, by=world.admin)


# --- Licences and courses -----------------------------------------------------------------------------


@happens("an Associate is licensed")
def _(world: World) -> Act:
    return lambda: courses.actions.grant_licence(
        name="Nia",
        email=NEW,
        programme=world.programme,
        country="GB",
        valid_from=timezone.localdate(),
        by=world.admin,
    )


@happens("the last day of a licence changes")
def _(world: World) -> Act:
    until = timezone.localdate() + timedelta(days=30)
    return lambda: courses.actions.renew_licence(
        licence=world.associate.licences.get(), valid_until=until, by=world.admin
    )


@happens("a licence is withdrawn")
def _(world: World) -> Act:
    return lambda: courses.actions.withdraw_licence(licence=world.associate.licences.get(), by=world.admin)


@happens("a course is published")
def _(world: World) -> Act:
    draft = make.course(
        programme=world.programme,
        organisation=world.organisation,
        trainers=world.trainers,
        starts=timezone.now() + timedelta(days=3),
        published=False,
    )
    return lambda: answering_actions.publish_course(course=draft, by=world.admin)


@happens("a course of an organisation without a commissioner is published")
def _(world: World) -> Act:
    draft = make.course(
        programme=world.programme,
        trainers=world.trainers,
        starts=timezone.now() + timedelta(days=3),
        published=False,
    )
    return lambda: answering_actions.publish_course(course=draft, by=world.admin)


@happens("an Associate is assigned to a published course")
def _(world: World) -> Act:
    return lambda: courses.actions.assign_associate(
        course=world.course, associate=world.associate, by=world.admin
    )


@happens("an Associate is taken off a published course")
def _(world: World) -> Act:
    courses.actions.assign_associate(course=world.course, associate=world.associate, by=world.admin)
    return lambda: courses.actions.unassign_associate(
        course=world.course, associate=world.associate, by=world.admin
    )


@happens("a course that is not over meets elsewhere")
def _(world: World) -> Act:
    _only_those_licensed(world)
    names = ["title", "organisation", "country", "time_zone", "delivery", "capacity", "experience_sought"]
    as_it_is = {name: getattr(world.course, name) for name in names}
    return lambda: courses.actions.edit_course(
        course=world.course, **as_it_is, venue="Room 2", by=world.admin
    )


@happens("a course meets at other times")
def _(world: World) -> Act:
    _only_those_licensed(world)
    return lambda: courses.actions.set_sessions(course=world.course, sessions=times(9), by=world.admin)


def _only_those_licensed(world: World) -> None:
    """Nothing moves while somebody on the course is not licensed for it."""
    unlicensed = Licence.objects.filter(associate__is_active=False) | Licence.objects.filter(
        withdrawn_at__isnull=False
    )
    world.course.associates.filter(licence__in=unlicensed).delete()


@happens("a course is cancelled")
def _(world: World) -> Act:
    return lambda: courses.actions.cancel(course=world.course, because="Too few people.", by=world.admin)


# --- Nominations and places -------------------------------------------------------------------------


def _invited(world: World) -> Nomination:
    return courses.actions.nominate(
        course=world.course,
        nominee=nominee(email=NEW),
        sponsor=world.organisation,
        by=world.commissioners[0],
    )


def _accept(token: str) -> object:
    return courses.actions.accept(
        token=token, certificate_name="Nia", expectations_version=expectations.CURRENT
    )


@happens("somebody is nominated")
def _(world: World) -> Act:
    return lambda: _invited(world)


@happens("several people are nominated at once")
def _(world: World) -> Act:
    return lambda: courses.actions.nominate_several(
        course=world.course,
        nominees=[nominee(email=NEW)],
        sponsor=world.organisation,
        by=world.commissioners[0],
    )


@happens("an invitation is sent again")
def _(world: World) -> Act:
    Nomination.objects.update(link_sent_at=timezone.now() - timedelta(days=1))
    return lambda: courses.actions.resend_invitation(nomination=world.nomination, by=world.commissioners[0])


@happens("an invitation is withdrawn")
def _(world: World) -> Act:
    return lambda: courses.actions.withdraw_nomination(nomination=world.nomination, by=world.commissioners[0])


@happens("an invitation is declined")
def _(world: World) -> Act:
    made = _invited(world)
    return lambda: courses.actions.decline(token=made.token)


@happens("an invitation is accepted")
def _(world: World) -> Act:
    made = _invited(world)
    return lambda: _accept(made.token)


def _walked_in(world: World, **sponsor: Any) -> Nomination:
    sponsor = sponsor or {"sponsor": world.organisation}
    return courses.actions.add_walk_in(
        course=world.course, nominee=nominee(email=NEW), **sponsor, by=world.trainers[0]
    )


@happens("somebody is added as a walk-in", begun=True)
def _(world: World) -> Act:
    return lambda: _walked_in(world)


@happens("a walk-in accepts", begun=True)
def _(world: World) -> Act:
    made = _walked_in(world)
    return lambda: _accept(made.token)


@happens("a walk-in whose sponsor nobody knows accepts", begun=True)
def _(world: World) -> Act:
    made = _walked_in(world, sponsor=None, sponsor_to_be_named=True)
    return lambda: _accept(made.token)


def _not_theirs(world: World) -> Nomination:
    """A walk-in of whom another organisation has said that they are not theirs."""
    made = _walked_in(world, sponsor=None, sponsor_name=world.other.name)
    _accept(made.token)
    contact = Person.objects.acting_for(world.other.pk).get()
    courses.actions.refuse_sponsor(nomination=made, by=contact)
    return made


@happens("the sponsor says that a walk-in is not theirs", begun=True)
def _(world: World) -> Act:
    made = _walked_in(world)
    _accept(made.token)
    return lambda: courses.actions.refuse_sponsor(nomination=made, by=world.commissioners[0])


@happens("The AIM Project names who sponsors a walk-in", begun=True)
def _(world: World) -> Act:
    made = _not_theirs(world)
    return lambda: courses.actions.name_sponsor(
        nomination=made, sponsor=world.organisation, seen="nobody", by=world.admin
    )


@happens("The AIM Project says that a walk-in pays for themself", begun=True)
def _(world: World) -> Act:
    made = _not_theirs(world)
    return lambda: courses.actions.name_sponsor(nomination=made, sponsor=None, seen="nobody", by=world.admin)


@happens("somebody gives up their place before the course")
def _(world: World) -> Act:
    return lambda: courses.actions.withdraw_enrolment(enrolment=world.enrolment, by=world.person)


@happens("somebody leaves a course that has begun", begun=True)
def _(world: World) -> Act:
    return lambda: courses.actions.withdraw_enrolment(enrolment=world.enrolment, by=world.person)


@happens("the sponsor withdraws a place")
def _(world: World) -> Act:
    return lambda: courses.actions.withdraw_enrolment(enrolment=world.enrolment, by=world.commissioners[0])


@happens("The AIM Project withdraws a place")
def _(world: World) -> Act:
    return lambda: courses.actions.withdraw_enrolment(enrolment=world.enrolment, by=world.admin)


def _asked_whether_made_up(world: World) -> MakeUpRequest:
    by = world.trainers[0]
    absent = courses.actions.Entry(world.enrolment, Presence.ABSENT)
    session = world.course.sessions.get(number=1)
    (entry,) = courses.actions.take_register(session=session, entries=[absent], by=by)
    return courses.actions.ask_make_up(
        entry=entry,
        associate=world.associate,
        made_up_on=timezone.localdate(),
        made_up_how="The same session, in York.",
        by=by,
    )


@happens("an Associate is asked about a session that somebody made up", begun=True)
def _(world: World) -> Act:
    return lambda: _asked_whether_made_up(world)


@happens("the Associate answers about a session that was made up", begun=True)
def _(world: World) -> Act:
    asked = _asked_whether_made_up(world)
    return lambda: courses.actions.answer_make_up(request=asked, confirmed=True, by=world.associate)


# --- Case studies -----------------------------------------------------------------------------------


@happens("somebody is invited to write a case study")
def _(world: World) -> Act:
    draft = versions.draft(world.programme, world.admin)
    return lambda: case_study_actions.invite_author(version=draft, person=world.associate, by=world.admin)


@happens("somebody writes a case study no more")
def _(world: World) -> Act:
    draft = versions.draft(world.programme, world.admin)
    author = case_study_actions.invite_author(version=draft, person=world.associate, by=world.admin)
    return lambda: case_study_actions.end_author(author=author, by=world.admin)


@happens("a case study is proposed")
def _(world: World) -> Act:
    draft = versions.draft(world.programme, world.admin)
    return lambda: case_study_actions.propose_version(version=draft, by=world.admin)


@happens("an answer to a case study is asked for again")
def _(world: World) -> Act:
    version = versions.proposed(world.programme, world.admin)
    return lambda: case_study_actions.remind(version=version, associates=[world.associate], by=world.admin)


@happens("a proposed case study is given up")
def _(world: World) -> Act:
    version = versions.proposed(world.programme, world.admin)
    return lambda: case_study_actions.withdraw_version(version=version, by=world.admin)


def _object(world: World, version: Version) -> object:
    return case_study_actions.object_to(
        version=version, passage=versions.passage(version, 2), reason="It names a school.", by=world.associate
    )


@happens("a passage is objected to")
def _(world: World) -> Act:
    version = versions.proposed(world.programme, world.admin)
    return lambda: _object(world, version)


@happens("an objection is answered")
def _(world: World) -> Act:
    objection = _object(world, versions.proposed(world.programme, world.admin))
    return lambda: case_study_actions.reply_to_objection(
        objection=objection, text="We renamed it.", by=world.admin
    )


@happens("a case study comes into force without an Associate who is unavailable")
def _(world: World) -> Act:
    version = versions.proposed(world.programme, world.admin)
    for trainer in world.trainers:
        case_study_actions.agree(version=version, by=trainer)
    closed = Licence.objects.filter(programme=world.programme, associate__is_active=False)
    for person in (world.associate, *(licence.associate for licence in closed)):
        Unavailability.objects.create(
            programme=world.programme,
            associate=person,
            from_on=timezone.localdate(),
            until_on=timezone.localdate(),
            reason="On leave.",
            recorded_by=world.admin,
        )
    return lambda: case_study_actions.freeze_version(version=version, by=world.admin)


@happens("a course moves to a newer case study")
def _(world: World) -> Act:
    _only_those_licensed(world)
    newer = make.version(world.programme)
    Version.objects.filter(number__lt=newer.number).update(retired_at=timezone.now(), retired_by=world.admin)
    return lambda: answering_actions.move_pin(course=world.course, version=newer, by=world.admin)


# --- The day ----------------------------------------------------------------------------------------


def _asked(world: World) -> object:
    return answering_actions.ask_adjustment(
        enrolment=world.enrolment, kinds=[Adjusted.BREAKS], words="", by=world.person
    )


@happens("an adjustment is asked for")
def _(world: World) -> Act:
    return lambda: _asked(world)


@happens("an adjustment is answered")
def _(world: World) -> Act:
    asked = _asked(world)
    return lambda: answering_actions.answer_adjustment(
        request=asked, agreed=[Agreed(Adjusted.BREAKS)], answer="Of course.", by=world.admin
    )


def _recorded(world: World) -> list[SpecialConsideration]:
    happened = Happened("A fire alarm.", timezone.now(), "Nobody could write.")
    return answering_actions.record_consideration(
        enrolments=[world.enrolment], happened=happened, by=world.trainers[0]
    )


def _nothing_follows(world: World, rows: list[SpecialConsideration]) -> object:
    following = Following(WhatFollows.NOTHING)
    return answering_actions.decide_considerations(
        considerations=rows, following=following, reason="It was short.", by=world.admin
    )


@happens("a trainer records that something happened to somebody", begun=True)
def _(world: World) -> Act:
    return lambda: _recorded(world)


@happens("it is decided what follows from what a trainer recorded", begun=True)
def _(world: World) -> Act:
    rows = _recorded(world)
    return lambda: _nothing_follows(world, rows)


@happens("it is decided what follows from what somebody told themself", begun=True)
def _(world: World) -> Act:
    row = answering_actions.tell_what_happened(
        enrolment=world.enrolment,
        happened=Happened("I was ill.", timezone.now(), "I could not think."),
        trainers_may_read=False,
        by=world.person,
    )
    return lambda: _nothing_follows(world, [row])


@happens("a trainer's code is used", begun=True)
def _(world: World) -> Act:
    given = answering_actions.give_entry_code(enrolment=world.enrolment, by=world.trainers[0])
    return lambda: answering_actions.use_entry_code(
        course_number=world.course.number, email=world.person.email, code=given.code
    )


@happens("answering is opened again for one", begun=True)
def _(world: World) -> Act:
    make.sitting(world.course, closed=True)
    return lambda: answering_actions.reopen_for_one(
        enrolment=world.enrolment,
        until=timezone.now() + timedelta(hours=2),
        reason="The network was down.",
        by=world.trainers[0],
    )


@happens("answers are submitted", begun=True)
def _(world: World) -> Act:
    make.sitting(world.course)
    make.submission(world.enrolment, submitted=False)
    return lambda: answering_actions.submit(enrolment=world.enrolment.uuid, declared=True, by=world.person)


@happens("answers on paper were typed in", begun=True)
def _(world: World) -> Act:
    make.sitting(world.course)
    return lambda: typed_in(world.enrolment)


@happens("answers on paper are submitted", begun=True)
def _(world: World) -> Act:
    make.sitting(world.course)
    row = typed_in(world.enrolment)
    return lambda: answering_actions.check_transcription(
        transcription=row, is_the_same=True, is_signed=True, by=world.person
    )


# --- Outcomes ---------------------------------------------------------------------------------------


def _recommended(world: World, outcome: str, *, finalised: bool = True, **fields: object) -> object:
    make.attend(world.enrolment)
    judged = Judged.MET if outcome == Outcome.COMPETENT else Judged.NOT_MET
    marked = make.marking(make.submission(world.enrolment), judged=judged, finalised=finalised)
    return make.recommendation(
        world.enrolment, outcome=outcome, marking=marked, finalised=finalised, **fields
    )


@happens("a co-trainer disagrees with an outcome", begun=True)
def _(world: World) -> Act:
    open_one = _recommended(world, Outcome.COMPETENT, finalised=False)
    return lambda: marking_actions.disagree(
        recommendation=open_one, reason="I saw it otherwise.", by=world.trainers[1]
    )


def _second(world: World, judged: str = "met", *, finished: bool = True) -> SecondMarker:
    """Somebody marked it a second time, finished or about to."""
    _recommended(world, Outcome.COMPETENT, finalised=False)
    marker = world.associate
    script = SecondMarker.objects.create(
        submission=world.enrolment.submissions.get(), marker=marker, asked_by=world.admin
    )
    sent = [
        marking_actions.Mark(marking_actions.name_of(one), judged)
        for one in Criterion.objects.select_related("question").filter(
            question__version__pins__course=world.course
        )
    ]
    marking_actions.mark_again(script=script.uuid, marks=sent, by=marker)
    if finished:
        marking_actions.finish_second_marking(script=script, by=marker)
    return script


def _all_met(script: SecondMarker) -> dict[str, str]:
    marks = script.submission.markings.get(role="first").marks.all()
    return {marking_actions.name_of(one.criterion): "met" for one in marks}


@happens("somebody is asked to mark answers a second time", begun=True)
def _(world: World) -> Act:
    open_one = _recommended(world, Outcome.COMPETENT, finalised=False)
    marking_actions.disagree(recommendation=open_one, reason="Otherwise.", by=world.trainers[1])
    return lambda: certification.actions.ask_second_marker(
        course=world.course, people=[world.enrolment.uuid], associate=world.associate, by=world.admin
    )


@happens("a second marking is finished and differs from the first", begun=True)
def _(world: World) -> Act:
    script = _second(world, "not_met", finished=False)
    return lambda: marking_actions.finish_second_marking(script=script, by=script.marker)


@happens("a second marking is finished and differs in nothing", begun=True)
def _(world: World) -> Act:
    script = _second(world, finished=False)
    return lambda: marking_actions.finish_second_marking(script=script, by=script.marker)


@happens("a trainer says something about a second marking", begun=True)
def _(world: World) -> Act:
    _second(world, "not_met")
    return lambda: marking_actions.discuss(
        enrolment=world.enrolment, text="Read it again.", by=world.trainers[0]
    )


@happens("the second marker proposes what to agree on", begun=True)
def _(world: World) -> Act:
    script = _second(world, "not_met")
    return lambda: marking_actions.propose_settlement(
        enrolment=world.enrolment, judged=_all_met(script), by=script.marker, script=script
    )


@happens("the second marker agrees with what was proposed", begun=True)
def _(world: World) -> Act:
    script = _second(world, "not_met")
    proposal = marking_actions.propose_settlement(
        enrolment=world.enrolment, judged=_all_met(script), by=world.trainers[0]
    )
    return lambda: marking_actions.agree_to_settlement(
        enrolment=world.enrolment, proposal=proposal.uuid, by=script.marker, script=script
    )


@happens("The AIM Project settles a second marking", begun=True)
def _(world: World) -> Act:
    script = _second(world, "not_met")
    return lambda: marking_actions.settle_as_admin(
        enrolment=world.enrolment, judged=_all_met(script), reason="As it is.", by=world.admin
    )


@happens("not yet competent is finalised", begun=True)
def _(world: World) -> Act:
    open_one = _recommended(world, Outcome.NOT_YET, finalised=False)
    return lambda: certification.actions.finalise(recommendation=open_one, by=world.trainers[0])


@happens("not assessed is finalised", begun=True)
def _(world: World) -> Act:
    open_one = make.recommendation(world.enrolment, outcome=Outcome.NOT_ASSESSED, finalised=False)
    return lambda: certification.actions.finalise(recommendation=open_one, by=world.trainers[0])


@happens("a conversation about an outcome is to be held by tomorrow", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.NOT_YET, **make.put_off(world.course, days=1))
    return lambda: certification.actions.remind_of_conversations(now=timezone.now())


@happens("a conversation about an outcome was not held in time", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.NOT_YET, **make.put_off(world.course, days=-1))
    return lambda: certification.actions.remind_of_conversations(now=timezone.now())


@happens("somebody is told of an outcome after it was finalised", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.NOT_YET, **make.put_off(world.course))
    return lambda: certification.actions.tell_later(
        enrolment=world.enrolment,
        words="We spoke.",
        told_on=timezone.localdate(timezone=world.course.zone),
        by=world.trainers[0],
    )


def _review(world: World) -> Appeal:
    _followed_up(world)
    return certification.actions.ask_for_review(
        enrolment=world.enrolment, kinds=["marks"], words="Question 1.", by=world.person
    )


def _decided_by(world: World) -> tuple[Appeal, Person]:
    """A review that `world.associate` decides, with the one who drafts it."""
    appeal, outside = _review(world), make.PersonFactory.create()
    certification.actions.take_appeal(appeal=appeal, by=world.admin)
    for person, is_unconnected in ((world.associate, False), (outside, True)):
        member = certification.actions.appoint_member(
            appeal=appeal, email=person.email, is_unconnected=is_unconnected, by=world.admin
        )
        certification.actions.declare_no_part(member=member, by=person)
    return appeal, outside


def _drafted(world: World, *, result: str = "not_upheld", follows: str = "nothing") -> Act:
    appeal, outside = _decided_by(world)
    said = certification.actions.Proposed(result=result, follows=follows, found="Found.", answer="Read.")
    return lambda: certification.actions.draft_decision(appeal=appeal, proposed=said, by=outside)


def _confirmed(world: World) -> Act:
    appeal = Appeal.objects.get()
    return lambda: certification.actions.view_draft(appeal=appeal, confirms=True, seen=1, by=world.associate)


@happens("somebody asks for a review", begun=True)
def _(world: World) -> Act:
    _followed_up(world)
    return lambda: certification.actions.ask_for_review(
        enrolment=world.enrolment, kinds=["marks"], words="Question 1.", by=world.person
    )


@happens("a review is overdue", begun=True)
def _(world: World) -> Act:
    late = _review(world).answer_due_at + timedelta(minutes=1)
    return lambda: certification.actions.tell_of_overdue_appeals(now=late)


@happens("somebody is appointed to decide a review", begun=True)
def _(world: World) -> Act:
    appeal = _review(world)
    certification.actions.take_appeal(appeal=appeal, by=world.admin)
    return lambda: certification.actions.appoint_member(
        appeal=appeal, email=world.associate.email, by=world.admin
    )


@happens("the answer to a review is drafted", begun=True)
def _(world: World) -> Act:
    return _drafted(world)


@happens("a review is answered", begun=True)
def _(world: World) -> Act:
    _drafted(world)()
    return _confirmed(world)


@happens("a review that begins a new round is answered", begun=True)
def _(world: World) -> Act:
    _drafted(world, result="upheld", follows="round")()
    return _confirmed(world)


def _followed_up(world: World) -> object:
    made = _recommended(world, Outcome.NOT_YET)
    return certification.actions.open_follow_up(recommendation=made, by=world.trainers[0])


@happens("the person sends on what they read", begun=True)
def _(world: World) -> Act:
    follow_up = certification.actions.read_feedback(follow_up=_followed_up(world), by=world.person)
    return lambda: certification.actions.send_on(follow_up=follow_up, by=world.person)


@happens("the time to send it on is over", begun=True)
def _(world: World) -> Act:
    follow_up = outcomes.past(_followed_up(world))
    return lambda: certification.actions.release(follow_up=follow_up)


@happens("The AIM Project approves", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.COMPETENT)
    return lambda: certification.actions.approve(enrolment=world.enrolment, by=world.admin)


@happens("The AIM Project approves all", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.COMPETENT)
    return lambda: certification.actions.approve_all(course=world.course, by=world.admin)


@happens("The AIM Project returns an outcome", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.COMPETENT)
    return lambda: certification.actions.return_to_trainer(
        enrolment=world.enrolment, question="Was it so?", by=world.admin
    )


@happens("The AIM Project refuses an outcome", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.COMPETENT)
    return lambda: certification.actions.refuse(enrolment=world.enrolment, reason="No.", by=world.admin)


@happens("an Associate is appointed to decide", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.COMPETENT)
    for one in world.admins:
        Membership.objects.create(person=one, organisation=world.organisation, started_by=one)
    Membership.objects.create(person=world.person, organisation=world.organisation, started_by=world.admin)
    return lambda: certification.actions.appoint(
        enrolment=world.enrolment, associate=world.associate, reason="Nobody is free.", by=world.admin
    )


@happens("a certificate is revoked", begun=True)
def _(world: World) -> Act:
    _recommended(world, Outcome.COMPETENT)
    certificate = certification.actions.approve(enrolment=world.enrolment, by=world.admin)
    return lambda: certification.actions.revoke(certificate=certificate, reason="A fault.", by=world.admin)


# --- Safeguarding -----------------------------------------------------------------------------------------


def _leads(world: World) -> Record:
    """Two leads who read a record, one who was named in it, the person it is about, and one of before."""
    named = make.lead(name="Who is involved").person
    make.lead(world.person)
    former = make.lead()
    former.ended_at, former.ended_by = timezone.now(), world.admin
    former.save()
    record = make.safeguarding_record(world.trainers[0], enrolment=world.enrolment, keep_from=[named])
    leads = [make.lead(name=f"Lead {number}").person for number in (1, 2)]
    world.people["the leads"] = {lead.email for lead in leads}
    return record


@happens("somebody becomes a safeguarding lead")
def _(world: World) -> Act:
    return lambda: safeguarding.actions.appoint_lead(name="New", email=NEW, by=world.admin)


@happens("somebody becomes a safeguarding lead while a record waits for one")
def _(world: World) -> Act:
    make.safeguarding_record(world.trainers[0], enrolment=world.enrolment)
    return lambda: safeguarding.actions.appoint_lead(name="New", email=NEW, by=world.admin)


@happens("somebody tells the safeguarding leads something")
def _(world: World) -> Act:
    _leads(world)
    named = Person.objects.filter(name="Who is involved")
    return lambda: make.safeguarding_record(world.trainers[0], enrolment=world.enrolment, keep_from=named)


@happens("somebody adds to a safeguarding record")
def _(world: World) -> Act:
    record = _leads(world)
    return lambda: safeguarding.actions.add_to_record(
        record=record, text="And on Wednesday.", by=record.sent_by
    )


@happens("a lead stands aside from a safeguarding record")
def _(world: World) -> Act:
    record, aside = _leads(world), make.lead().person
    return lambda: safeguarding.actions.stand_aside(record=record, by=aside)


@happens("somebody tells the leads something, and there is none")
def _(world: World) -> Act:
    return lambda: make.safeguarding_record(world.trainers[0], enrolment=world.enrolment)
