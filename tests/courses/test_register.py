"""The register: what can be written, by whom, when, and what it means."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import DateTimeField, Value
from django.utils import timezone

from accounts.models import Person
from courses.actions import (
    CourseCancelled,
    EnrolmentFrozen,
    Entry,
    NotTheirRegister,
    OutcomeIsFinal,
    ReasonNeeded,
    RegisterChanged,
    RegisterRefused,
    cancel,
    record_make_up,
    seen_of,
    take_register,
)
from courses.models import (
    Course,
    Enrolment,
    RegisterEntry,
    RegisterReason,
    Session,
    entry_complete,
    entry_met,
)
from courses.states import Judgement, Presence
from tests import factories as make
from tests.courses.factories import NOON, coming, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def first_session(course: Course) -> Session:
    return course.sessions.get(number=1)


def take(enrolment: Enrolment, presence: str, *, by=None, reason="", session=None, **fields):
    course = enrolment.course
    (row,) = take_register(
        session=session or first_session(course),
        entries=[Entry(enrolment=enrolment, presence=presence, **fields)],
        by=by or make.trainer_of(course),
        reason=reason,
    )
    return row


def late(enrolment: Enrolment, judgement: str, minutes: int = 20, **fields):
    return take(enrolment, Presence.LATE, minutes_missed=minutes, judgement=judgement, **fields)


# --- Taking it --------------------------------------------------------------------------------------


def test_register_of_a_room_is_written_in_a_few_statements(django_assert_max_num_queries):
    course = running()
    enrolments = [make.enrolment(course) for _ in range(30)]
    trainer = make.trainer_of(course)
    entries = [Entry(enrolment=one, presence=Presence.PRESENT) for one in enrolments]
    with django_assert_max_num_queries(10):
        rows = take_register(session=first_session(course), entries=entries, by=trainer)
    assert [row.enrolment_id for row in rows] == [one.pk for one in enrolments]
    assert RegisterEntry.objects.count() == 30


def test_register_taken_twice_is_untouched():
    enrolment = make.enrolment(running())
    first = take(enrolment, Presence.PRESENT)
    before = RegisterEntry.objects.get()
    take(enrolment, Presence.PRESENT)
    after = RegisterEntry.objects.get()
    assert (after.pk, after.recorded_at) == (before.pk, before.recorded_at)
    assert first.recorded_at == before.recorded_at


def test_register_is_corrected_in_place():
    enrolment = make.enrolment(running())
    late(enrolment, Judgement.COVERED, covered_how="At lunch, the missed part")
    take(enrolment, Presence.PRESENT)
    row = RegisterEntry.objects.get()
    assert (row.presence, row.minutes_missed, row.judgement, row.covered_how) == ("present", None, "", "")


def test_people_left_out_of_a_save_stay_without_an_entry():
    course = running()
    one, other = make.enrolment(course), make.enrolment(course)
    take(one, Presence.PRESENT)
    assert not RegisterEntry.objects.filter(enrolment=other).exists()


def test_admin_corrects_with_a_reason_only():
    enrolment, admin = make.enrolment(running()), make.admin()
    with pytest.raises(ReasonNeeded):
        take(enrolment, Presence.PRESENT, by=admin, reason="  ")
    assert (
        take(enrolment, Presence.PRESENT, by=admin, reason="Told by telephone").reason == "Told by telephone"
    )


def test_nobody_but_its_trainers_and_admins_writes_a_register():
    enrolment = make.enrolment(running())
    for by in (
        make.associate(enrolment.course.programme),
        make.commissioner(enrolment.course.organisation),
        make.enrolment(enrolment.course).person,
    ):
        with pytest.raises(NotTheirRegister):
            take(enrolment, Presence.PRESENT, by=by, reason="I was there")
    assert not RegisterEntry.objects.exists()


def test_register_before_its_day_of_a_cancelled_course_or_a_draft():
    for course in (coming(1), make.course(published=False)):
        with pytest.raises(RegisterRefused):
            take(make.enrolment(course), Presence.PRESENT)
    cancelled = running()
    enrolment = make.enrolment(cancelled)
    cancel(course=cancelled, because="Ill", by=make.admin())
    with pytest.raises(CourseCancelled):
        take(enrolment, Presence.PRESENT)


def test_register_opens_while_people_arrive_and_not_before(time_machine):
    # 10:00 in Sydney on 2 December is 23:00 UTC on the 1st.
    starts = timezone.datetime(2026, 12, 1, 23, 0, tzinfo=timezone.get_fixed_timezone(0))
    course = make.course(starts=starts, sessions=1, time_zone="Australia/Sydney")
    enrolment = make.enrolment(course)
    time_machine.move_to(starts - timedelta(minutes=16))
    with pytest.raises(RegisterRefused, match="opens on 2 December 2026, 09:45"):
        take(enrolment, Presence.PRESENT)
    time_machine.move_to(starts - timedelta(minutes=15))
    assert take(enrolment, Presence.PRESENT)


def test_whoever_has_or_had_a_place_takes_nobody_s_register_there():
    course = running()
    trainer, boss = make.trainer_of(course), make.admin()
    gone = {"withdrawn_at": timezone.now(), "withdrawn_by": trainer}
    own, another = make.enrolment(course, trainer, **gone), make.enrolment(course)
    make.enrolment(course, boss)
    for enrolment, by in ((own, trainer), (another, trainer), (another, boss)):
        with pytest.raises(RegisterRefused):
            take(enrolment, Presence.PRESENT, by=by, reason="I saw it")
    assert take(another, Presence.PRESENT, by=make.admin(), reason="The trainer is on the course")


def test_register_of_somebody_of_another_course_or_who_gave_up():
    course = running()
    stranger = make.enrolment(running())
    gone = make.enrolment(course, withdrawn_at=timezone.now(), withdrawn_by=make.admin())
    for enrolment in (stranger, gone):
        with pytest.raises(RegisterRefused):
            take(enrolment, Presence.PRESENT, session=first_session(course), by=make.trainer_of(course))
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"presence": "elsewhere"}, "presence"),
        ({"presence": Presence.LATE}, "minutes_missed"),
        (
            {"presence": Presence.LATE, "minutes_missed": 0, "judgement": Judgement.NOTHING_MISSED},
            "minutes_missed",
        ),
        (
            {"presence": Presence.LEFT_EARLY, "minutes_missed": 120, "judgement": Judgement.MAKE_UP},
            "minutes_missed",
        ),
        ({"presence": Presence.LATE, "minutes_missed": 10}, "judgement"),
        ({"presence": Presence.LATE, "minutes_missed": 10, "judgement": "fine"}, "judgement"),
        (
            {
                "presence": Presence.LATE,
                "minutes_missed": 10,
                "judgement": Judgement.COVERED,
                "covered_how": " ",
            },
            "covered_how",
        ),
    ],
)
def test_register_refuses_what_is_incomplete(fields, field):
    enrolment = make.enrolment(running())
    with pytest.raises(RegisterRefused) as refused:
        take(enrolment, **fields)
    assert refused.value.field == field
    assert not RegisterEntry.objects.exists()


def test_register_refuses_one_and_saves_none():
    course = running()
    fine, frozen = make.enrolment(course), make.enrolment(course, frozen_at=timezone.now())
    with pytest.raises(EnrolmentFrozen):
        take_register(
            session=first_session(course),
            entries=[Entry(enrolment=one, presence=Presence.PRESENT) for one in (fine, frozen)],
            by=make.trainer_of(course),
        )
    assert not RegisterEntry.objects.exists()


def test_register_of_a_frozen_enrolment_that_says_the_same_is_no_change():
    enrolment = make.enrolment(running())
    take(enrolment, Presence.PRESENT)
    Enrolment.objects.filter(pk=enrolment.pk).update(frozen_at=timezone.now())
    assert take(enrolment, Presence.PRESENT)
    with pytest.raises(EnrolmentFrozen):
        take(enrolment, Presence.ABSENT)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterEntry.objects.update(presence=Presence.ABSENT)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterEntry.objects.all().delete()


def test_register_that_a_co_trainer_changed_meanwhile_is_not_overwritten():
    enrolment = make.enrolment(running())
    take(enrolment, Presence.ABSENT)
    with pytest.raises(RegisterChanged):
        take(enrolment, Presence.PRESENT, seen="")
    assert RegisterEntry.objects.get().presence == Presence.ABSENT
    take(enrolment, Presence.PRESENT, seen=seen_of(RegisterEntry.objects.get()))


def test_judgement_that_a_co_trainer_changed_meanwhile_is_not_overwritten():
    enrolment = make.enrolment(running())
    said = {"minutes_missed": 10, "judgement": Judgement.NOTHING_MISSED}
    take(enrolment, Presence.LATE, **said)
    seen = seen_of(RegisterEntry.objects.get())
    take(enrolment, Presence.LATE, **{**said, "judgement": Judgement.MAKE_UP})
    with pytest.raises(RegisterChanged):
        take(enrolment, Presence.LATE, **{**said, "minutes_missed": 12}, seen=seen)
    assert RegisterEntry.objects.get().judgement == Judgement.MAKE_UP
    assert take(enrolment, Presence.LATE, **{**said, "judgement": Judgement.MAKE_UP}, seen=seen)
    seen = seen_of(RegisterEntry.objects.get())
    make_up(RegisterEntry.objects.get())
    with pytest.raises(RegisterChanged):
        take(enrolment, Presence.PRESENT, seen=seen)
    assert RegisterEntry.objects.get().made_up_at


def test_what_is_judged_later_of_a_frozen_enrolment_is_refused():
    enrolment = make.enrolment(running())
    take(enrolment, Presence.PRESENT)
    Enrolment.objects.filter(pk=enrolment.pk).update(frozen_at=timezone.now())
    with pytest.raises(EnrolmentFrozen):
        take(enrolment, Presence.LATE, judged_later=True)


# --- Made up ------------------------------------------------------------------------------------------


def make_up(row, on=None, how="The same session at York", by=None):
    return record_make_up(
        entry=row,
        made_up_on=on or timezone.localdate(),
        made_up_how=how,
        by=by or make.trainer_of(row.course),
    )


def test_made_up_twice_is_once_and_counts_as_attended():
    enrolment = make.enrolment(running(sessions=1))
    row = take(enrolment, Presence.ABSENT)
    first = make_up(row)
    assert first.is_met
    assert make_up(row).made_up_at == first.made_up_at
    assert Enrolment.objects.with_attendance().get().sessions_met == 1


def test_made_up_is_confirmed_here_by_a_trainer_of_the_course_alone():
    course = running()
    row = take(make.enrolment(course), Presence.ABSENT)
    for by in (make.admin(), make.associate(course.programme)):
        with pytest.raises(NotTheirRegister):
            make_up(row, by=by)


def test_made_up_by_somebody_who_is_not_licensed_that_day(time_machine):
    course = running()
    row = take(make.enrolment(course), Presence.ABSENT)
    trainer = make.trainer_of(course)
    trainer.licences.update(valid_until=timezone.localdate() + timedelta(days=2))
    time_machine.move_to(NOON + timedelta(days=5))
    with pytest.raises(RegisterRefused, match="licensed on that day"):
        make_up(row, by=Person.objects.get(pk=trainer.pk))
    trainer.licences.create(
        programme=make.ProgrammeFactory.create(),
        country="IE",
        valid_from=timezone.localdate(),
        granted_by=trainer,
    )
    with pytest.raises(RegisterRefused, match="licensed on that day"):
        make_up(row, by=Person.objects.get(pk=trainer.pk))
    elsewhere = trainer.licences.get(country="IE")
    elsewhere.programme = course.programme
    elsewhere.save()
    assert make_up(row, by=Person.objects.get(pk=trainer.pk)).made_up_by == trainer


@pytest.mark.parametrize("days", [-1, 1, 91])
def test_made_up_on_a_day_that_does_not_fit(days, time_machine):
    course = running()
    row = take(make.enrolment(course), Presence.ABSENT)
    on = timezone.localdate() + timedelta(days=days)
    if days == 91:
        time_machine.move_to(NOON + timedelta(days=100))
    with pytest.raises(RegisterRefused) as refused:
        make_up(row, on=on)
    assert refused.value.field == "made_up_on"


def test_made_up_on_the_last_day_that_fits(time_machine):
    course = running()
    row = take(make.enrolment(course), Presence.ABSENT)
    on = timezone.localdate() + timedelta(days=90)
    time_machine.move_to(NOON + timedelta(days=100))
    assert make_up(row, on=on).made_up_on == on


def test_nothing_is_made_up_where_nothing_was_missed_or_no_words_say_how():
    enrolment = make.enrolment(running())
    with pytest.raises(RegisterRefused):
        make_up(take(enrolment, Presence.PRESENT))
    row = late(enrolment, Judgement.MAKE_UP)
    with pytest.raises(RegisterRefused) as refused:
        make_up(row, how="  ")
    assert refused.value.field == "made_up_how"
    assert make_up(row).is_met


def test_made_up_goes_with_a_correction_that_needs_it_no_more_and_stays_with_one_that_does():
    enrolment = make.enrolment(running())
    make_up(take(enrolment, Presence.ABSENT))
    assert late(enrolment, Judgement.MAKE_UP).made_up_at is not None
    assert take(enrolment, Presence.PRESENT).made_up_at is None


def test_made_up_waits_for_the_judgement_and_counts_no_session_until_then():
    enrolment = make.enrolment(running(sessions=1))
    make_up(take(enrolment, Presence.ABSENT))
    row = take(enrolment, Presence.LATE, judged_later=True)
    assert row.made_up_at
    assert not row.is_met
    assert facts(enrolment) == (1, 0, 0)
    with pytest.raises(RegisterRefused):
        make_up(row)
    assert take(enrolment, Presence.LATE, minutes_missed=90, judgement=Judgement.MAKE_UP).made_up_at
    assert facts(enrolment) == (1, 1, 1)
    take(enrolment, Presence.LATE, judged_later=True)
    assert not take(enrolment, Presence.LATE, minutes_missed=5, judgement=Judgement.NOTHING_MISSED).made_up_at


def test_made_up_of_a_frozen_enrolment_or_of_oneself():
    course = running()
    trainer = make.trainer_of(course)
    enrolment = make.enrolment(course)
    row = take(enrolment, Presence.ABSENT)
    Enrolment.objects.filter(pk=enrolment.pk).update(frozen_at=timezone.now())
    with pytest.raises(EnrolmentFrozen):
        make_up(row)
    own = make.enrolment(course, trainer)
    own_row = take(own, Presence.ABSENT, by=make.admin(), reason="Saw it")
    with pytest.raises(RegisterRefused):
        make_up(own_row, by=trainer)


# --- Facts of full attendance ----------------------------------------------------------------------------


def facts(enrolment: Enrolment) -> tuple[int, int, int]:
    row = Enrolment.objects.with_attendance().get(pk=enrolment.pk)
    return row.sessions_total, row.sessions_entered, row.sessions_met


def test_attendance_of_a_course_without_sessions_is_nothing_of_nothing():
    assert facts(make.enrolment(running(sessions=0))) == (0, 0, 0)


def test_attendance_without_entries_is_none():
    assert facts(make.enrolment(running(sessions=2))) == (2, 0, 0)


@pytest.mark.parametrize(
    ("fields", "met"),
    [
        ({"presence": Presence.PRESENT}, 1),
        ({"presence": Presence.ABSENT}, 0),
        ({"presence": Presence.LATE, "minutes_missed": 5, "judgement": Judgement.NOTHING_MISSED}, 1),
        ({"presence": Presence.LEFT_EARLY, "minutes_missed": 5, "judgement": Judgement.NOTHING_MISSED}, 1),
        (
            {
                "presence": Presence.LATE,
                "minutes_missed": 5,
                "judgement": Judgement.COVERED,
                "covered_how": "At 5",
            },
            1,
        ),
        ({"presence": Presence.LATE, "minutes_missed": 5, "judgement": Judgement.MAKE_UP}, 0),
        ({"presence": Presence.LEFT_EARLY, "minutes_missed": 5, "judgement": Judgement.MAKE_UP}, 0),
    ],
)
def test_attendance_counts_each_kind_of_entry_alike_for_one_row_and_in_the_database(fields, met):
    enrolment = make.enrolment(running(sessions=2))
    row = take(enrolment, **fields)
    assert row.is_met is bool(met)
    assert facts(enrolment) == (2, 1, met)


@pytest.mark.parametrize("presence", Presence.values)
@pytest.mark.parametrize("judgement", ["", *Judgement.values])
@pytest.mark.parametrize("made_up_at", [None, NOON])
def test_an_entry_counts_alike_in_python_and_in_the_database(db, presence, judgement, made_up_at):
    row = RegisterEntry(presence=presence, judgement=judgement, made_up_at=made_up_at)
    said = {
        "presence": presence,
        "judgement": judgement,
        "made_up_at": Value(made_up_at, output_field=DateTimeField()),
    }
    assert (entry_met().check(said), entry_complete().check(said)) == (row.is_met, row.is_complete)


@pytest.mark.parametrize("presence", [Presence.LATE, Presence.LEFT_EARLY])
def test_attendance_of_somebody_whose_absence_is_not_judged_is_neither_entered_nor_met(presence):
    enrolment = make.enrolment(running(sessions=2))
    row = take(enrolment, presence, judged_later=True)
    assert (row.minutes_missed, row.judgement) == (None, "")
    assert not row.is_met
    assert facts(enrolment) == (2, 0, 0)
    take(enrolment, presence, minutes_missed=5, judgement=Judgement.NOTHING_MISSED)
    assert facts(enrolment) == (2, 1, 1)


def test_attendance_that_is_corrected_to_late_is_unmet_before_it_is_judged():
    enrolment = make.enrolment(running(sessions=1))
    take(enrolment, Presence.PRESENT)
    take(enrolment, Presence.LATE, judged_later=True)
    assert facts(enrolment) == (1, 0, 0)


def test_attendance_of_one_person_does_not_count_another_s():
    course = running(sessions=1)
    one, other = make.enrolment(course), make.enrolment(course)
    take(one, Presence.PRESENT)
    assert facts(other) == (1, 0, 0)


# --- What the database holds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"presence": "elsewhere"},
        {"presence": Presence.LATE, "minutes_missed": 5},
        {"presence": Presence.LATE, "judgement": Judgement.MAKE_UP},
        {"presence": Presence.LATE, "minutes_missed": 0, "judgement": Judgement.MAKE_UP},
        {"presence": Presence.PRESENT, "minutes_missed": 5},
        {"presence": Presence.ABSENT, "judgement": Judgement.MAKE_UP},
        {"presence": Presence.LATE, "minutes_missed": 5, "judgement": Judgement.COVERED},
        {"presence": Presence.ABSENT, "made_up_on": NOON.date()},
        {"presence": Presence.ABSENT, "made_up_at": NOON, "made_up_on": NOON.date(), "made_up_how": ""},
    ],
)
def test_database_refuses_entries_that_make_no_sense(fields):
    enrolment = make.enrolment(running())
    by = make.trainer_of(enrolment.course)
    if "made_up_at" in fields:
        fields = {**fields, "made_up_by": by}
    with pytest.raises(IntegrityError):
        RegisterEntry.objects.create(
            course=enrolment.course,
            enrolment=enrolment,
            session=first_session(enrolment.course),
            recorded_by=by,
            **fields,
        )


def test_database_refuses_a_session_of_another_course_and_a_second_entry():
    enrolment, other = make.enrolment(running()), running()
    by = make.trainer_of(enrolment.course)
    common = {"enrolment": enrolment, "presence": Presence.PRESENT, "recorded_by": by}
    for course in (enrolment.course, other):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegisterEntry.objects.create(course=course, session=first_session(other), **common)
    row = {"course": enrolment.course, "session": first_session(enrolment.course), **common}
    RegisterEntry.objects.create(**row)
    with pytest.raises(IntegrityError):
        RegisterEntry.objects.create(**row)


# --- Correcting what was recorded -----------------------------------------------------------------------


def ended(enrolment: Enrolment) -> None:
    """The session is over, and every slip in its register is an old one."""
    enrolment.course.sessions.filter(number=1).update(ends_at=timezone.now() - timedelta(minutes=1))
    RegisterEntry.objects.update(recorded_at=timezone.now() - timedelta(minutes=16))


def trained_by_two() -> tuple[Enrolment, Person]:
    programme = make.ProgrammeFactory.create()
    first, colleague = make.associate(programme), make.associate(programme)
    return make.enrolment(running(programme=programme, trainers=[first, colleague])), colleague


def finalised(enrolment: Enrolment) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(outcome_finalised_at=timezone.now())


def test_register_follows_the_room_until_its_session_ends():
    enrolment, colleague = trained_by_two()
    take(enrolment, Presence.ABSENT)
    assert take(enrolment, Presence.PRESENT, by=colleague).reason == ""


@pytest.mark.parametrize("presence", [Presence.ABSENT, Presence.LATE])
def test_register_of_a_session_that_ended_is_corrected_with_a_reason_only(presence):
    enrolment = make.enrolment(running())
    take(enrolment, Presence.PRESENT)
    ended(enrolment)
    later = {"judged_later": presence == Presence.LATE}
    with pytest.raises(ReasonNeeded, match=enrolment.certificate_name) as refused:
        take(enrolment, presence, reason="  ", **later)
    assert refused.value.field == "reason"
    assert RegisterEntry.objects.get().presence == Presence.PRESENT
    assert take(enrolment, presence, reason="Left at the break", **later).reason == "Left at the break"


def test_slip_is_mended_without_a_word_by_whoever_made_it_and_for_a_quarter_of_an_hour(time_machine):
    enrolment, colleague = trained_by_two()
    enrolment.course.sessions.filter(number=1).update(ends_at=timezone.now())
    take(enrolment, Presence.ABSENT)
    with pytest.raises(ReasonNeeded):
        take(enrolment, Presence.PRESENT, by=colleague)
    time_machine.shift(timedelta(minutes=14))
    assert take(enrolment, Presence.PRESENT).reason == ""
    time_machine.shift(timedelta(minutes=16))
    with pytest.raises(ReasonNeeded):
        take(enrolment, Presence.ABSENT)


def test_first_entry_and_a_judgement_that_was_waited_for_correct_nothing():
    course = running()
    first, waits = make.enrolment(course), make.enrolment(course)
    take(waits, Presence.LATE, judged_later=True)
    ended(waits)
    assert take(first, Presence.ABSENT).reason == ""
    assert late(waits, Judgement.NOTHING_MISSED).reason == ""


def test_after_a_finalised_outcome_a_first_entry_and_a_judgement_are_an_admin_s_too():
    course, admin = running(), make.admin()
    first, waits = make.enrolment(course), make.enrolment(course)
    take(waits, Presence.LATE, judged_later=True)
    finalised(first)
    finalised(waits)
    judged = {"minutes_missed": 5, "judgement": Judgement.NOTHING_MISSED}
    with pytest.raises(OutcomeIsFinal):
        take(first, Presence.PRESENT)
    with pytest.raises(OutcomeIsFinal):
        take(waits, Presence.LATE, **judged)
    with pytest.raises(ReasonNeeded):
        take(first, Presence.PRESENT, by=admin)
    assert take(first, Presence.PRESENT, by=admin, reason="The trainer told us").reason
    assert take(waits, Presence.LATE, by=admin, reason="The trainer told us", **judged).is_met


def test_after_a_finalised_outcome_only_an_admin_corrects_and_says_why():
    enrolment, admin = make.enrolment(running()), make.admin()
    take(enrolment, Presence.PRESENT)
    finalised(enrolment)
    with pytest.raises(OutcomeIsFinal, match="tell The AIM Project"):
        take(enrolment, Presence.ABSENT, reason="I was wrong")
    with pytest.raises(ReasonNeeded):
        take(enrolment, Presence.ABSENT, by=admin)
    assert RegisterEntry.objects.get().presence == Presence.PRESENT
    assert take(enrolment, Presence.PRESENT)
    assert take(enrolment, Presence.ABSENT, by=admin, reason="The trainer told us").presence == "absent"


def test_every_reason_is_kept_and_belongs_to_its_writing():
    enrolment = make.enrolment(running())
    take(enrolment, Presence.PRESENT)
    ended(enrolment)
    first = take(enrolment, Presence.ABSENT, reason="Left at the break").recorded_at
    ended(enrolment)
    second = take(enrolment, Presence.PRESENT, reason="Mistaken for somebody else").recorded_at
    kept = RegisterReason.objects.order_by("recorded_at").values_list("recorded_at", "reason")
    assert list(kept) == [(first, "Left at the break"), (second, "Mistaken for somebody else")]
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterReason.objects.update(reason="Another")
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterReason.objects.all().delete()


def test_one_reason_goes_with_what_it_corrects_and_not_with_first_entries():
    course = running()
    known, new = make.enrolment(course), make.enrolment(course)
    take(known, Presence.PRESENT)
    ended(known)
    entries = [Entry(enrolment=one, presence=Presence.ABSENT) for one in (known, new)]
    rows = take_register(
        session=first_session(course), entries=entries, by=make.trainer_of(course), reason="Left early"
    )
    assert [row.reason for row in rows] == ["Left early", ""]
