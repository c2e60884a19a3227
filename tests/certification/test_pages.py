"""The pages of decisions and certificates: who gets which status, what they say, how often they ask."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Person
from assessments.marking.actions import Mark, mark, name_of
from assessments.marking.readiness import marking_revision_of
from assessments.states import Judged, Outcome
from certification import actions
from certification.models import Appointment, Certificate, Decision, FollowUp
from certification.states import CertificateState, DecisionKind
from courses.models import Enrolment
from tests import factories
from tests.certification import crowds

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def seen(enrolment: Enrolment) -> dict[str, str]:
    """What the page of the latest round carries, to say what was seen."""
    latest = enrolment.recommendations.order_by("-round")[0]
    return {
        "recommendation": str(latest.uuid),
        "revision": str(latest.revision),
        "marking_revision": str(marking_revision_of(latest.marking_id)),
    }


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"idempotency_key": str(uuid.uuid4()), **data})


@pytest.fixture
def admin(db: None) -> Person:
    return factories.admin(name="Ada Admin")


@pytest.fixture
def enrolment(db: None) -> Enrolment:
    return factories.recommended(factories.course(), certificate_name="Zoë O’Neill & <Sons>")


@pytest.fixture
def certificate(admin: Person, enrolment: Enrolment) -> Certificate:
    return actions.approve(enrolment=enrolment, by=admin)


def of_course(name: str, enrolment: Enrolment) -> str:
    return reverse(f"certification:{name}", args=[enrolment.course.uuid])


def of_person(name: str, enrolment: Enrolment) -> str:
    return reverse(f"certification:{name}", args=[enrolment.course.uuid, enrolment.uuid])


def of_certificate(name: str, certificate: Certificate) -> str:
    return reverse(f"certification:{name}", args=[certificate.uuid])


# --- Who gets which status ------------------------------------------------------------------------


def roles(enrolment: Enrolment) -> dict[str, Person]:
    """Everyone who might try."""
    course = enrolment.course
    elsewhere = factories.course(programme=course.programme)
    trained = factories.admin()
    licence = factories.associate(course.programme).licences.get()
    course.associates.create(associate=trained, licence=licence, assigned_by=trained)
    assert course.organisation is not None
    return {
        "participant": enrolment.person,
        "other participant": factories.enrolment(course).person,
        "participant elsewhere": factories.enrolment(elsewhere).person,
        "trainer": factories.trainer_of(course),
        "trainer elsewhere": factories.trainer_of(elsewhere),
        "associate": factories.associate(course.programme),
        "commissioner": factories.commissioner(course.organisation),
        "other commissioner": factories.commissioner(factories.OrganisationFactory.create()),
        "admin": factories.admin(),
        "admin who trained": trained,
    }


# 404 where one sees nothing of it, 403 where one sees it in another role.
EXPECTED: dict[str, dict[str, int]] = {
    "queue": {"admin": 200, "admin who trained": 200, "*": 403},
    "course_queue": {
        "admin": 200,
        "admin who trained": 200,
        "participant": 403,
        "other participant": 403,
        "trainer": 403,
        "commissioner": 403,
        "*": 404,
    },
    "decide": {
        "admin": 200,
        "admin who trained": 200,
        "participant": 403,
        "trainer": 403,
        "commissioner": 403,
        "*": 404,
    },
    "finalise": {
        "trainer": 200,
        "admin": 403,
        "admin who trained": 403,
        "participant": 403,
        "commissioner": 403,
        "*": 404,
    },
    "certificates": {"admin": 200, "admin who trained": 200, "*": 403},
    "certificate": {
        "admin": 200,
        "admin who trained": 200,
        "participant": 200,
        "commissioner": 200,
        "*": 404,
    },
    "revoke": {"admin": 200, "admin who trained": 200, "participant": 403, "commissioner": 403, "*": 404},
    "download": {"admin": 409, "admin who trained": 409, "participant": 409, "commissioner": 409, "*": 404},
}
EXPECTED["approve_all"] = EXPECTED["course_queue"]
EXPECTED["appoint"] = EXPECTED["decide"]


@pytest.mark.parametrize("name", EXPECTED)
def test_each_page_has_one_status_for_each_role(enrolment: Enrolment, name: str) -> None:
    people = roles(enrolment)
    if name in ("certificate", "revoke", "download"):
        url = of_certificate(name, actions.approve(enrolment=enrolment, by=people["admin"]))
    elif name in ("queue", "certificates"):
        url = reverse(f"certification:{name}")
    else:
        url = (of_person if name in ("decide", "appoint", "finalise") else of_course)(name, enrolment)
    found = {role: signed_in(person).get(url).status_code for role, person in people.items()}
    wanted = {role: EXPECTED[name].get(role, EXPECTED[name]["*"]) for role in people}
    assert found == wanted
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", ["decide", "approve_all", "appoint", "finalise", "revoke"])
def test_what_is_refused_changes_nothing(enrolment: Enrolment, name: str) -> None:
    people = roles(enrolment)
    people.pop("admin")
    before = Decision.objects.count()
    if name == "revoke":
        made = actions.approve(enrolment=enrolment, by=factories.admin())
        before, url = before + 1, of_certificate(name, made)
        people.pop("admin who trained")
    else:
        url = (of_person if name in ("decide", "appoint", "finalise") else of_course)(name, enrolment)
    if name == "finalise":
        people.pop("trainer")
    for role, person in people.items():
        response = post(
            signed_in(person),
            url,
            decision="approve",
            words="x",
            reason="x",
            shown=seen(enrolment)["recommendation"],
            **seen(enrolment),
        )
        assert response.status_code in (403, 404) or role == "admin who trained", (role, response.status_code)
        assert Decision.objects.count() == before
        assert not Appointment.objects.exists()
        assert not Certificate.objects.filter(state=CertificateState.REVOKED).exists()


@pytest.mark.parametrize("left", [False, True])
def test_an_admin_opens_nothing_of_a_course_on_which_they_have_or_had_a_place(db: None, left: bool) -> None:
    candidate = factories.admin()
    course = factories.course()
    own = factories.recommended(course, person=candidate)
    another = factories.recommended(course)
    follow_up = factories.recommended(course, outcome=Outcome.NOT_YET)
    follow_up = FollowUp.objects.create(
        enrolment=follow_up,
        recommendation=follow_up.recommendations.get(),
        sponsor_organisation=course.organisation,
        due_at=timezone.now(),
    )
    if left:
        Enrolment.objects.filter(pk=own.pk).update(withdrawn_at=timezone.now(), withdrawn_by=candidate)
    client = signed_in(candidate)
    refused = [
        *(of_person(name, one) for name in ("decide", "appoint") for one in (own, another)),
        *(of_course(name, own) for name in ("course_queue", "approve_all", "results")),
        reverse("certification:follow_up", args=[follow_up.uuid]),
        reverse("courses:register", args=[course.uuid]),
        reverse("courses:register_session", args=[course.uuid, 1]),
        reverse("assessments:marking", args=[course.uuid]),
        reverse("assessments:mark", args=[course.uuid, another.uuid]),
    ]
    assert {url: client.get(url).status_code for url in refused} == dict.fromkeys(refused, 403)
    # Nor do lists that lead there name the course.
    for url in (reverse("certification:queue"), reverse("certification:follow_ups")):
        assert course.title not in client.get(url).content.decode()
    assert "Decide on" not in client.get("/").content.decode()
    tabs = client.get(reverse("courses:detail", args=[course.uuid])).content.decode()
    for url in refused:
        assert f'href="{url}"' not in tabs


def test_a_place_on_an_account_that_was_merged_is_one_s_own(db: None) -> None:
    admin = factories.admin()
    course = factories.course()
    before = factories.PersonFactory.create(is_active=False, merged_into=admin)
    factories.enrolment(course, before)
    assert signed_in(admin).get(of_course("results", factories.recommended(course))).status_code == 403


def test_an_appointed_associate_opens_exactly_that_decision(admin: Person, enrolment: Enrolment) -> None:
    associate = factories.associate(enrolment.course.programme)
    other = factories.recommended(enrolment.course)
    Appointment.objects.create(
        enrolment=enrolment, associate=associate, reason="Nobody is free.", appointed_by=admin
    )
    client = signed_in(associate)
    assert client.get(of_person("decide", enrolment)).status_code == 200
    assert client.get(of_person("decide", other)).status_code == 404
    assert client.get(of_person("appoint", enrolment)).status_code == 403
    assert client.get(of_course("course_queue", enrolment)).status_code == 404
    response = post(client, of_person("decide", enrolment), decision="approve", **seen(enrolment))
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    assert Certificate.objects.get().decision.appointment is not None


def test_an_enrolment_is_found_through_its_own_course_alone(admin: Person, enrolment: Enrolment) -> None:
    other = factories.course()
    for name in ("decide", "appoint"):
        url = reverse(f"certification:{name}", args=[other.uuid, enrolment.uuid])
        assert signed_in(admin).get(url).status_code == 404


# --- Deciding ----------------------------------------------------------------------------------------


def test_the_decision_page_shows_what_one_decides_on(admin: Person, enrolment: Enrolment) -> None:
    page = signed_in(admin).get(of_person("decide", enrolment)).content.decode()
    for words in (
        "My answer to 1.",
        "CRITERION-1-1",
        "2 of 2",
        "Present",
        "Eligible",
        "Zoë O’Neill &amp; &lt;Sons&gt;",
    ):
        assert words in page
    assert "checked" not in page


def test_a_draft_is_not_shown(admin: Person, db: None) -> None:
    drafting = factories.enrolment(factories.course())
    factories.submission(drafting, submitted=False)
    page = signed_in(admin).get(of_person("decide", drafting)).content.decode()
    assert "My answer to" not in page


@pytest.mark.parametrize(
    ("decision", "kind"),
    [("approve", DecisionKind.APPROVED), ("return", DecisionKind.RETURNED), ("refuse", DecisionKind.REFUSED)],
)
def test_deciding_leads_back_to_the_page_which_then_says_so(
    admin: Person, enrolment: Enrolment, decision: str, kind: str
) -> None:
    client, url = signed_in(admin), of_person("decide", enrolment)
    response = post(client, url, decision=decision, words="Which session?", **seen(enrolment))
    assert (response.status_code, response["Location"]) == (302, url)
    assert Decision.objects.get().kind == kind
    page = client.get(url).content.decode()
    assert "Nothing waits for a decision here." in page
    assert 'name="decision"' not in page


def test_sending_a_decision_twice_decides_once(admin: Person, enrolment: Enrolment) -> None:
    client, url, key = signed_in(admin), of_person("decide", enrolment), str(uuid.uuid4())
    form = {"idempotency_key": key, "decision": "refuse", "words": "In doubt.", **seen(enrolment)}
    answers = [client.post(url, form) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("said", [{}, {"recommendation": "x"}, {"recommendation": str(uuid.uuid4())}])
def test_what_was_not_on_the_page_is_not_decided(
    admin: Person, enrolment: Enrolment, said: dict[str, str]
) -> None:
    client, url = signed_in(admin), of_person("decide", enrolment)
    assert (
        f'name="recommendation" value="{seen(enrolment)["recommendation"]}"'
        in client.get(url).content.decode()
    )
    for decision in ("approve", "return", "refuse"):
        response = post(client, url, decision=decision, words="Why?", **said)
        assert response.status_code == 409
        assert "This was changed since you opened the page." in response.content.decode()
    assert not Decision.objects.exists()


def test_a_page_of_an_earlier_round_does_not_finalise_the_next(admin: Person, enrolment: Enrolment) -> None:
    client, url = signed_in(factories.trainer_of(enrolment.course)), of_person("finalise", enrolment)
    stale = seen(enrolment)
    actions.return_to_trainer(enrolment=enrolment, question="Which session?", by=admin)
    assert post(client, url, **stale).status_code == 409
    assert enrolment.recommendations.filter(finalised_at__isnull=True).count() == 1
    assert post(client, url, **seen(enrolment)).status_code == 302


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose whether you approve"),
        ({"decision": "perhaps"}, "Choose whether you approve"),
        ({"decision": "return", "words": "  "}, "Write the question"),
        ({"decision": "refuse"}, "Say why you refuse."),
        ({"decision": "refuse", "words": "x" * 2001}, "2000"),
        ({"decision": "refuse", "words": "a\x00b"}, "hidden character"),
    ],
)
def test_a_decision_that_lacks_something_says_what(
    admin: Person, enrolment: Enrolment, data: dict[str, str], words: str
) -> None:
    response = post(signed_in(admin), of_person("decide", enrolment), **data)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Error:" in page
    assert not Decision.objects.exists()


def test_deciding_with_a_conflict_is_refused_in_words(admin: Person, enrolment: Enrolment) -> None:
    enrolment.nomination.manager_email = admin.email
    enrolment.nomination.save()
    client, url = signed_in(admin), of_person("decide", enrolment)
    page = client.get(url).content.decode()
    assert "You are named as their line manager." in page
    assert "You cannot decide this" in page
    assert "Not eligible" not in page
    assert "Appoint an Associate" in page
    response = post(client, url, decision="approve", **seen(enrolment))
    assert response.status_code == 409
    assert "You are named as their line manager." in response.content.decode()
    assert not Decision.objects.exists()
    free = factories.admin(name="Grace Free")
    assert free.name in client.get(url).content.decode()


def test_approving_the_not_eligible_is_refused_in_words(admin: Person, enrolment: Enrolment) -> None:
    enrolment.register_entries.all().delete()
    client, url = signed_in(admin), of_person("decide", enrolment)
    assert 'value="approve"' not in client.get(url).content.decode()
    response = post(client, url, decision="approve", **seen(enrolment))
    assert response.status_code == 409
    assert "Take the register" in response.content.decode()


# --- All at once -------------------------------------------------------------------------------------


def test_approving_all_counts_before_and_says_what_was_done_after(
    admin: Person, enrolment: Enrolment
) -> None:
    course = enrolment.course
    factories.recommended(course, certificate_name="Second Person")
    left_out = factories.recommended(course, certificate_name="Absent Once")
    left_out.register_entries.update(presence="absent")
    client, url = signed_in(admin), of_course("approve_all", enrolment)
    before = client.get(url).content.decode()
    assert "2 people will be approved" in before
    assert "Absent Once" in before
    assert "not attended in full" in before
    shown = re.findall(r'name="shown" value="([^"]+)"', before)
    response = client.post(url, {"idempotency_key": str(uuid.uuid4()), "shown": shown})
    assert response.status_code == 302
    after = client.get(response["Location"]).content.decode()
    assert "2 people approved" in after
    for certificate in Certificate.objects.all():
        assert certificate.reference in after
    assert "Absent Once" in after
    assert Certificate.objects.count() == 2


def test_who_became_eligible_meanwhile_is_left_out_and_named(admin: Person, enrolment: Enrolment) -> None:
    client, url = signed_in(admin), of_course("approve_all", enrolment)
    factories.recommended(enrolment.course)
    response = post(client, url, shown=seen(enrolment)["recommendation"])
    assert Certificate.objects.get().enrolment == enrolment
    after = client.get(response["Location"]).content.decode()
    assert "1 person approved" in after
    assert "1 person became eligible after you opened the page" in after


@pytest.mark.parametrize("done", ["", "x", "-1", "9" * 17, "9" * 40, "²"])
def test_an_address_that_names_no_approval_is_no_error(
    admin: Person, enrolment: Enrolment, done: str
) -> None:
    response = signed_in(admin).get(of_course("approve_all", enrolment), {"done": done})
    assert response.status_code == 200


def test_shown_people_that_are_no_ids_are_no_error(admin: Person, enrolment: Enrolment) -> None:
    assert post(signed_in(admin), of_course("approve_all", enrolment), shown="x' OR 1=1").status_code == 302
    assert not Decision.objects.exists()


# --- Appointing, finalising, revoking -------------------------------------------------------------------


def test_appointing_by_name_and_with_a_reason(admin: Person, enrolment: Enrolment) -> None:
    Membership.objects.create(person=admin, organisation=enrolment.sponsor_organisation, started_by=admin)
    associate = factories.associate(enrolment.course.programme, name="Noor Haddad")
    client, url = signed_in(admin), of_person("appoint", enrolment)
    assert "Noor Haddad" in client.get(url).content.decode()
    assert "Choose an Associate." in post(client, url, reason="Why.").content.decode()
    trainer = factories.trainer_of(enrolment.course)
    assert post(client, url, associate=str(trainer.uuid), reason="Why.").status_code == 422
    assert post(client, url, associate="nobody", reason="Why.").status_code == 422
    assert not Appointment.objects.exists()
    assert post(client, url, associate=str(associate.uuid), reason="Why.").status_code == 302
    assert Appointment.objects.get().associate == associate


def test_finalising_from_its_page(db: None) -> None:
    made = factories.enrolment(factories.course(), attended=True)
    marking = factories.marking(factories.submission(made))
    factories.recommendation(made, marking=marking, finalised=False)
    client, url = signed_in(factories.trainer_of(made.course)), of_person("finalise", made)
    assert "What finalising does" in client.get(url).content.decode()
    for old in ({}, {"revision": "1"}, {**seen(made), "revision": "9"}, {**seen(made), "revision": "²"}):
        refused = post(client, url, **old)
        assert refused.status_code == 409
        assert "changed since you opened the page" in refused.content.decode()
    assert not made.recommendations.get().finalised_at
    sent = shown_by(client, url)
    assert post(client, url, **sent).status_code == 302
    page = client.get(url).content.decode()
    assert "The AIM Project decides." in page
    assert made.recommendations.get().finalised_at


def test_finalising_not_yet_says_who_reads_it_and_when_it_goes(db: None, settings: Any) -> None:
    settings.AIM = {**settings.AIM, "FOLLOW_UP_WORKING_DAYS": 3}
    course = factories.course()
    client = signed_in(factories.trainer_of(course))
    for sponsor in (course.organisation, None):
        made = factories.enrolment(course, attended=True, sponsor=sponsor)
        marking = factories.marking(factories.submission(made), judged=Judged.NOT_MET)
        factories.recommendation(made, outcome=Outcome.NOT_YET, marking=marking, finalised=False)
        url = of_person("finalise", made)
        before = client.get(url).content.decode()
        assert post(client, url, **seen(made)).status_code == 302
        for page in (before, client.get(url).content.decode()):
            assert ("If they have not sent it after 3 working days, it goes" in page) == bool(sponsor)
            assert ("so it goes to nobody else" in page) == (not sponsor)


def shown_by(client: Client, url: str) -> dict[str, str]:
    """What the page for finalising says that it showed."""
    page = client.get(url).content.decode()
    return dict(re.findall(r'name="(recommendation|revision|marking_revision)" value="([^"]+)"', page))


def test_marks_that_changed_after_they_were_read_are_not_finalised(db: None) -> None:
    made = factories.enrolment(factories.course(), attended=True)
    marking = factories.marking(factories.submission(made))
    factories.recommendation(made, marking=marking, finalised=False)
    trainer = factories.trainer_of(made.course)
    client, url = signed_in(trainer), of_person("finalise", made)
    sent = shown_by(client, url)
    # One that is not essential: the outcome would still stand, on marks that nobody read.
    one = marking.marks.filter(criterion__is_essential=False)[0]
    changed = Mark(name_of(one.criterion), Judged.NOT_MET, "On reflection.", base=1)
    mark(enrolment=made, marks=[changed], by=trainer)
    refused = post(client, url, **sent)
    assert refused.status_code == 409
    assert "The marks were changed since you opened the page." in refused.content.decode()
    marking.refresh_from_db()
    assert marking.finalised_at is None
    assert not made.recommendations.get().finalised_at
    assert post(client, url, **shown_by(client, url)).status_code == 302


def test_finalising_what_lacks_something_says_where_to_go(db: None) -> None:
    made = factories.enrolment(factories.course())
    client, url = signed_in(factories.trainer_of(made.course)), of_person("finalise", made)
    assert client.get(url).status_code == 302
    factories.recommendation(made, marking=factories.marking(factories.submission(made)), finalised=False)
    page = client.get(url).content.decode()
    assert "This cannot be finalised yet" in page
    assert reverse("courses:register", args=[made.course.uuid]) in page
    refused = post(client, url, **seen(made))
    assert refused.status_code == 409
    assert "Take the register" in refused.content.decode()


def test_revoking_from_its_page(admin: Person, certificate: Certificate) -> None:
    client, url = signed_in(admin), of_certificate("revoke", certificate)
    assert "Say why" in post(client, url, reason=" ").content.decode()
    assert post(client, url, reason="Not their own work.").status_code == 302
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.REVOKED
    assert client.get(url).status_code == 302
    holder = signed_in(certificate.enrolment.person)
    page = holder.get(of_certificate("certificate", certificate)).content.decode()
    assert "Not their own work." in page
    assert holder.get(of_certificate("download", certificate)).status_code == 409


# --- Certificates --------------------------------------------------------------------------------------


def test_the_page_waits_for_the_pdf_and_then_offers_it(
    admin: Person, certificate: Certificate, tmp_path: Any, settings: Any
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    client = signed_in(certificate.enrolment.person)
    url, pdf = of_certificate("certificate", certificate), of_certificate("download", certificate)
    page = client.get(url).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "Look again" in page
    assert pdf not in page
    assert client.get(pdf).status_code == 409
    actions.build_document(document_id=certificate.document.pk)
    page = client.get(url).content.decode()
    assert "hx-trigger" not in page
    assert pdf in page
    response = client.get(pdf)
    assert response["Content-Type"] == "application/pdf"
    assert f"{certificate.reference}.pdf" in response["Content-Disposition"]
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def test_a_certificate_stays_its_holders_after_changing_jobs(certificate: Certificate) -> None:
    holder = certificate.enrolment.person
    holder.email = "zoe@elsewhere.example"
    holder.save()
    assert signed_in(holder).get(of_certificate("certificate", certificate)).status_code == 200


def test_who_no_longer_acts_for_the_sponsor_sees_nothing(certificate: Certificate, admin: Person) -> None:
    sponsor = certificate.sponsor_organisation
    assert sponsor is not None
    left = factories.commissioner(sponsor)
    left.memberships.update(ended_at=certificate.issued_at, ended_by=admin)
    assert signed_in(left).get(of_certificate("certificate", certificate)).status_code == 404


def test_nobody_but_the_holder_and_aim_sees_a_self_funded_certificate(admin: Person, db: None) -> None:
    enrolment = factories.recommended(factories.course(), sponsor=None)
    certificate = actions.approve(enrolment=enrolment, by=admin)
    organisation = enrolment.course.organisation
    assert organisation is not None
    commissioner = signed_in(factories.commissioner(organisation))
    assert commissioner.get(of_certificate("certificate", certificate)).status_code == 404


@pytest.mark.parametrize("q", ["Neill", "AIM-{number:06d}", "{number}", "{reference}"])
def test_the_register_is_searched_by_name_number_and_course(
    admin: Person, certificate: Certificate, q: str
) -> None:
    other = factories.recommended(factories.course(), certificate_name="Somebody Else")
    actions.approve(enrolment=other, by=admin)
    typed = q.format(number=certificate.number, reference=certificate.course_reference)
    page = signed_in(admin).get(reverse("certification:certificates"), {"q": typed}).content.decode()
    assert "Zoë O’Neill" in page
    assert "1 certificate" in page


@pytest.mark.parametrize("q", ["nobody", "9" * 40, "\x00", "%", "x" * 151, "²"])
def test_a_search_that_finds_nothing_is_no_error(admin: Person, certificate: Certificate, q: str) -> None:
    for page in ("", "0", "x", "99"):
        response = signed_in(admin).get(reverse("certification:certificates"), {"q": q, "page": page})
        assert response.status_code in (200, 422)


# --- How often a page asks ----------------------------------------------------------------------------


def queries(get: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert get().status_code == 200
    return len(
        [
            query
            for query in captured
            if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        ]
    )


@pytest.mark.whole_run
def test_lists_ask_the_same_for_1_3_and_300(admin: Person, db: None) -> None:
    course = factories.course(capacity=300)
    client = signed_in(admin)
    made = 0
    urls = [
        reverse("certification:queue"),
        reverse("certification:course_queue", args=[course.uuid]),
        reverse("certification:approve_all", args=[course.uuid]),
    ]
    for size in (1, 3, 300):
        crowds.recommended(course, size - made)
        made = size
        assert [queries(lambda url=url: client.get(url)) for url in urls] == [6, 8, 8]
    assert "300 eligible, 0 not eligible." in client.get(urls[1]).content.decode()


@pytest.mark.whole_run
def test_300_are_approved_at_once(admin: Person, db: None) -> None:
    course = factories.course(capacity=300)
    crowds.recommended(course, 300)
    assert len(actions.approve_all(course=course, by=admin).certificates) == 300


@pytest.mark.parametrize("name", ["decide", "certificate", "certificates", "revoke"])
def test_no_page_asks_more_than_12_times(admin: Person, certificate: Certificate, name: str) -> None:
    client = signed_in(admin)
    if name == "decide":
        url = of_person(name, factories.recommended(certificate.enrolment.course))
    elif name == "certificates":
        url = reverse("certification:certificates")
    else:
        url = of_certificate(name, certificate)
    assert queries(lambda: client.get(url)) <= 12


def test_the_decision_page_of_a_conflicted_admin_asks_at_most_12_times(
    admin: Person, enrolment: Enrolment
) -> None:
    enrolment.nomination.manager_email = admin.email
    enrolment.nomination.save()
    for _ in range(5):
        factories.admin()
    client = signed_in(admin)
    assert queries(lambda: client.get(of_person("decide", enrolment))) <= 12


def test_home_lists_what_waits(admin: Person, enrolment: Enrolment) -> None:
    page = signed_in(admin).get("/").content.decode()
    assert "Decide on 1 person" in page
    certificate = actions.approve(enrolment=enrolment, by=admin)
    assert "Decide on" not in signed_in(admin).get("/").content.decode()
    holder = signed_in(enrolment.person).get("/").content.decode()
    assert of_certificate("certificate", certificate) in holder


def test_nobody_reads_competent_before_the_approval(enrolment: Enrolment) -> None:
    assert enrolment.recommendations.get().outcome == Outcome.COMPETENT
    page = signed_in(enrolment.person).get(reverse("certification:my_course", args=[enrolment.uuid]))
    assert "do not use the model yet" in page.content.decode().lower()


def test_an_incomplete_decision_stays_about_what_was_read(admin: Person, enrolment: Enrolment) -> None:
    client, url = signed_in(admin), of_person("decide", enrolment)
    read = seen(enrolment)["recommendation"]
    trainer = factories.trainer_of(enrolment.course)
    actions.return_to_trainer(enrolment=enrolment, question="Which session?", by=factories.admin())
    actions.finalise(recommendation=enrolment.recommendations.get(round=2), by=trainer)
    page = post(client, url, decision="refuse", recommendation=read).content.decode()
    assert "Say why you refuse." in page
    carried = re.search(r'name="recommendation" value="([^"]+)"', page)
    assert carried is not None
    again = post(client, url, decision="refuse", words="In doubt.", recommendation=carried[1])
    assert again.status_code == 409
    assert not enrolment.decisions.filter(recommendation__round=2).exists()
