"""However a form is sent (twice, late, by nobody, too big): it is done once, or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.answering.participation import GRACE
from assessments.models import FrameworkEdition, Marking, Objection, Recommendation, Sitting, Version
from certification.models import FollowUp
from courses.models import Course, Enrolment
from tests import factories
from tests.bad_input.forms import FORMS, Filled, send, signed_in
from tests.bad_input.pages import read
from tests.bad_input.state import nothing_changed, state
from tests.courses.factories import coming
from tests.permissions.asking import rows_written, undone
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

# That nobody signed out sends anything is tests/permissions' for all routes; here, with a whole form.
SOME = ["account_change_name", "courses:nominate", "assessments:question", "certification:decide"]
KEYED = {
    "sign_out_for",
    "reset_second_step",
    "account_data_ask",
    "ask_for_somebodys_data",
    "courses:create",
    "courses:cancel",
    "courses:nominate",
    "courses:nominate_several",
    "courses:walk_in",
    "courses:name_sponsor",
    "courses:licence_grant",
    "assessments:version_begin",
    "assessments:version_section_new",
    "assessments:version_question_new: choice",
    "assessments:version_question_new: plan",
    "assessments:version_agree",
    "assessments:version_object",
    "assessments:version_objection_close",
    "assessments:version_unavailable",
    "assessments:my_adjustments",
    "assessments:adjustments",
    "assessments:adjustment_answer",
    "assessments:my_considerations",
    "assessments:consideration_record",
    "assessments:consideration",
    "assessments:extra_time",
    "assessments:reopen_for_one",
    "certification:finalise",
    "certification:tell_later",
    "certification:approve_all",
    "certification:decide",
    "certification:appoint",
    "certification:revoke",
    "certification:my_appeal",
    "certification:panel_rule",
    "certification:appeal_panel",
    "certification:appeal_decision",
    "certification:appeal_view",
    "certification:my_feedback: read",
    "certification:my_feedback: send",
    "certification:report_request",
    "certification:follow_up",
    "certification:redact",
    "safeguarding:tell",
    "safeguarding:tell_of_course",
    "safeguarding:tell_of_person",
    "safeguarding:sent_record",
    "safeguarding:record",
}
# Whoever sends these again has said something again, or asks for another letter.
AGAIN = {
    "account_login",
    "account_request_login_code",
    "account_change_email",
    "account_password_sign_in",
    # Another code, which ends the one before.
    "assessments:entry_code",
}


def says_why(response: HttpResponse) -> bool:
    """Whether a page says in words why nothing was done."""
    return bool(read(response).summary) or 'class="lead"' in response.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_form_sent_again_acts_once(world: World, name: str) -> None:
    with undone():
        filled = FORMS[name](world)
        first = send(filled, {})
        assert first.status_code == 302
        with undone() if name in AGAIN else nothing_changed(filled):
            second = send(filled, {})
        assert second.status_code in (302, 400, 409, 422, 429), second.status_code
        if second.status_code != 302:
            assert says_why(second)
        assert ("idempotency_key" in filled.values) == (name in KEYED)
        if name in KEYED:
            assert second["Location"] == first["Location"]


# An answer is not sent away to sign in: tests/assessments/answering/test_signed_out.py.
@pytest.mark.parametrize("name", [name for name in SOME if name != "assessments:question"])
def test_form_sent_after_signing_out_leads_to_signing_in(world: World, name: str) -> None:
    with undone():
        filled = FORMS[name](world)
        before = state(filled)
        filled.client = Client()
        response = send(filled, {})
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))
        assert state(filled) == before


@pytest.mark.parametrize("name", SOME)
def test_form_without_its_token_says_what_to_do(world: World, name: str) -> None:
    with undone():
        filled = FORMS[name](world)
        before = state(filled)
        filled.client.handler.enforce_csrf_checks = True
        response = send(filled, {})
        assert response.status_code == 403
        assert "open for too long" in response.content.decode()
        assert state(filled) == before


@pytest.mark.parametrize("name", sorted(KEYED))
def test_form_whose_key_did_not_arrive_is_refused_in_words(world: World, name: str) -> None:
    with undone():
        filled = FORMS[name](world)
        for key in (None, "", "7", "\0", "x" * 100_000):
            with nothing_changed(filled):
                response = send(filled, {"idempotency_key": key})
            assert response.status_code == 400
            assert "arrived incomplete" in response.content.decode()


def test_key_of_another_form_is_refused_in_words(world: World) -> None:
    with undone():
        first, other = FORMS["courses:cancel"](world), FORMS["certification:revoke"](world)
        assert send(first, {}).status_code == 302
        after = state(first)
        response = send(other, {"idempotency_key": first.values["idempotency_key"]})
        assert response.status_code == 400
        assert "belongs to another page" in response.content.decode()
        assert state(first) == after


# --- What was there has moved on --------------------------------------------------------------------------


def _cancelled(world: World) -> None:
    now, by = timezone.now(), world.people["AIM admin"]
    Course.objects.update(cancelled_at=now, cancelled_by=by, cancelled_because="Nobody can come.")


def _closed(world: World) -> None:
    # So long ago that nothing is in flight any more.
    Sitting.objects.filter(opened_at__isnull=False).update(
        closed_at=timezone.now() - 2 * GRACE, closed_by=world.people["trainer"]
    )


def _left(world: World) -> None:
    held = Enrolment.objects.filter(frozen_at__isnull=True)
    held.update(withdrawn_at=timezone.now(), withdrawn_by=world.people["AIM admin"])


def _finalised(world: World) -> None:
    now, by = timezone.now(), world.people["trainer"]
    Marking.objects.filter(finalised_at__isnull=True).update(finalised_at=now, finalised_by=by)
    ready = Recommendation.objects.filter(finalised_at__isnull=True)
    ready.update(finalised_at=now, finalised_by=by)


def _followed_up(world: World) -> None:
    standing = FollowUp.objects.filter(released_at__isnull=False)
    standing.update(closed_at=timezone.now(), closed_by=world.people["commissioner"])


def _unlicensed(world: World) -> None:
    trainer = world.people["trainer"]
    assert trainer is not None
    trainer.licences.update(withdrawn_at=timezone.now(), withdrawn_by=world.people["AIM admin"])


def _given_up(world: World) -> None:
    standing = Version.objects.filter(frozen_at__isnull=True)
    standing.update(withdrawn_at=timezone.now(), withdrawn_by=world.people["AIM admin"])


def _published(world: World) -> None:
    FrameworkEdition.objects.filter(published_at__isnull=True).update(
        published_at=timezone.now(), published_by=world.people["AIM admin"]
    )


def _taken_back(world: World) -> None:
    Objection.objects.update(withdrawn_at=timezone.now(), withdrawn_by=F("raised_by"))


MOVES = [
    _cancelled,
    _closed,
    _left,
    _finalised,
    _followed_up,
    _unlicensed,
    _given_up,
    _published,
    _taken_back,
]
ABOUT_A_COURSE = [name for name in FORMS if name.startswith(("courses:", "assessments:", "certification:"))]


@pytest.mark.parametrize("name", ABOUT_A_COURSE)
def test_form_sent_after_its_object_moved_on_is_done_or_refused_in_words(world: World, name: str) -> None:
    with undone():
        filled = FORMS[name](world)
        for moved in MOVES:
            with undone():
                moved(world)
                with undone():
                    written = rows_written()
                    response = send(filled, {})
                    wrote = rows_written() != written
                assert response.status_code in (302, 403, 404, 409, 422), moved
                if response.status_code != 302:
                    assert says_why(response), moved
                    if wrote:  # it may be that nothing stayed
                        before = state(filled)
                        send(filled, {})
                        assert state(filled) == before, moved


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("courses:edit", _cancelled),
        ("courses:sessions", _cancelled),
        ("courses:associates", _cancelled),
        ("courses:nominate", _cancelled),
        ("courses:nominate_several", _cancelled),
        ("courses:invitation", _cancelled),
        ("courses:walk_in", _cancelled),
        ("courses:register_session", _cancelled),
        ("courses:register_entry: judge", _cancelled),
        ("courses:register_entry: make up", _cancelled),
        ("courses:register_entry: ask", _cancelled),
        ("courses:made_up", _cancelled),
        ("assessments:question", _closed),
        ("assessments:recommend", _finalised),
        ("assessments:conversation", _finalised),
        ("assessments:no_conversation", _finalised),
        ("assessments:feedback", _finalised),
        ("assessments:disagree", _finalised),
        ("assessments:version_edit_head", _given_up),
        ("assessments:version_section", _given_up),
        ("assessments:version_section_new", _given_up),
        ("assessments:version_question", _given_up),
        ("assessments:version_question_new: choice", _given_up),
        ("assessments:version_authors", _given_up),
        ("assessments:version_agree", _given_up),
        ("assessments:version_object", _given_up),
        ("assessments:version_objection_reply", _taken_back),
        ("assessments:version_objection_close", _taken_back),
        ("assessments:framework_edit", _published),
        ("assessments:framework_stage", _published),
        ("certification:follow_up", _followed_up),
        ("certification:my_feedback: comment", _followed_up),
    ],
)
def test_what_is_over_is_never_done(world: World, name: str, moved: Callable[[World], None]) -> None:
    with undone():
        filled = FORMS[name](world)
        moved(world)
        with nothing_changed(filled):
            response = send(filled, {})
            if response.status_code == 302:
                response = filled.client.get(response["Location"])
        assert says_why(response) or "cancelled" in response.content.decode()


# --- Two pages open at once -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("assessments:question", "text"),
        ("assessments:mark", "note_1_1"),
        ("assessments:mark_answer", "note_1_1"),
        ("assessments:recommend", "interest_observed"),
        ("assessments:conversation", "words"),
        ("assessments:no_conversation", "words"),
        ("assessments:feedback", "told_participant"),
        ("assessments:framework_edit", "source"),
        ("assessments:framework_stage", "purpose"),
    ],
)
def test_old_page_shows_both_texts_and_overwrites_nothing(world: World, name: str, field: str) -> None:
    with undone():
        filled = FORMS[name](world)
        assert send(filled, {field: "What was written first."}).status_code == 302
        after = state(filled)
        response = send(filled, {field: "What was written second."})
        assert response.status_code == 409
        page = response.content.decode()
        assert "What was written first." in page
        assert "What was written second." in page
        assert state(filled) == after


# --- Who is there already, and what is too big --------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{}", "  {} ", "{upper}"])
def test_nominating_somebody_who_is_enrolled_says_so_at_the_address(world: World, typed: str) -> None:
    with undone():
        course = coming(organisation=world.organisation)
        person = factories.enrolment(course).person
        filled = FORMS["courses:nominate"](world)
        filled.path = reverse("courses:nominate", args=[course.uuid])
        before = state(filled)
        address = typed.format(person.email, upper=person.email.upper())
        response = send(filled, {"email": address, "idempotency_key": str(uuid4())})
        page = read(response)
        assert [where for where, _words in page.summary] == ["#id_email"]
        assert page.summary[0][1] in page.beside[0]
        assert state(filled) == before


def _too_long(filled: Filled) -> HttpResponse:
    return send(filled, {"words": "x" * 3_000_000})


def _too_many(filled: Filled) -> HttpResponse:
    return send(filled, {f"field{number}": "x" for number in range(1001)})


@pytest.mark.parametrize("too_much", [_too_long, _too_many])
@pytest.mark.parametrize("name", ["account_login", "courses:invitation", "assessments:question"])
def test_too_much_at_once_says_to_shorten_it(
    world: World, name: str, too_much: Callable[[Filled], HttpResponse]
) -> None:
    with undone():
        filled = FORMS[name](world)
        before = state(filled)
        response = too_much(filled)
        assert response.status_code == 413
        assert "Shorten it, then send it again." in response.content.decode()
        assert state(filled) == before


def test_body_that_is_no_form_is_refused_in_words(world: World) -> None:
    client = signed_in(world.people["AIM admin"])
    for body, kind in ((b"{", "application/json"), (b"\xff", "multipart/form-data; boundary=x")):
        with undone():
            response = client.post(reverse("create_organisation"), body, content_type=kind)
            assert response.status_code in (400, 422)
            assert says_why(response)
