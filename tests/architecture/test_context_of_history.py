"""Who did what can be neither rewritten nor deleted by the application's role."""

from __future__ import annotations

from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from certification import actions
from certification.models import Certificate
from tests import factories

pytestmark = pytest.mark.django_db


def revoke(certificate: Certificate, by: Any) -> None:
    actions.revoke(certificate=certificate, reason="It was issued by mistake.", by=by)


def issued() -> Certificate:
    return actions.approve(enrolment=factories.recommended(factories.course()), by=factories.admin())


def events(certificate: Certificate) -> Any:
    return apps.get_model("certification", "CertificateEvent").objects.filter(pgh_obj=certificate)


def actors(certificate: Certificate) -> list[tuple[str, Any]]:
    """Each state that `certificate` came to, and who was acting."""
    return [
        (event.state, event.pgh_context and event.pgh_context.metadata["actor"])
        for event in events(certificate).select_related("pgh_context").order_by("pgh_id")
    ]


def test_one_context_is_shared_by_what_one_request_changes() -> None:
    first, second, admin = issued(), issued(), factories.admin()
    with pghistory.context(actor=admin.pk):
        revoke(first, admin)
        revoke(second, admin)
    assert actors(first)[-1] == actors(second)[-1] == ("revoked", admin.pk)
    contexts = {events(one).latest("pgh_id").pgh_context_id for one in (first, second)}
    assert len(contexts) == 1


def test_who_signs_in_within_a_request_is_not_who_acted_before() -> None:
    first, second, admin = issued(), issued(), factories.admin()
    with pghistory.context(actor=None):
        revoke(first, admin)
        with pghistory.context(actor=admin.pk):
            revoke(second, admin)
    assert actors(first)[-1] == ("revoked", None)
    assert actors(second)[-1] == ("revoked", admin.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pghistory_context SET metadata = '{\"actor\": 1}'",
        "DELETE FROM pghistory_context",
        "TRUNCATE pghistory_context CASCADE",
    ],
)
def test_context_is_never_rewritten(statement: str) -> None:
    certificate, admin = issued(), factories.admin()
    with pghistory.context(actor=admin.pk):
        revoke(certificate, admin)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    assert actors(certificate)[-1] == ("revoked", admin.pk)


def test_guard_asks_our_tables_whatever_temporary_one_is_put_before_them() -> None:
    course = factories.course()
    enrolment = factories.recommended(course)
    actions.approve(enrolment=enrolment, by=factories.admin())
    change = "UPDATE courses_registerentry SET presence = 'absent' WHERE enrolment_id = %s"
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(change, [enrolment.pk])
    connection.cursor().execute("CREATE TEMPORARY TABLE courses_enrolment (LIKE public.courses_enrolment)")
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(change, [enrolment.pk])


def test_every_guard_of_ours_says_whose_tables_it_asks() -> None:
    with connection.cursor() as cursor:
        # django-pgtrigger's, which write the history, are its own: any role can have them ignored anyway.
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND (prorettype = 'trigger'::regtype OR proname = '_pgh_attach_context')"
            " AND NOT proname LIKE '%pgtrigger\\_%'"
            " AND coalesce(proconfig::text, '') NOT LIKE '%search_path=%pg_temp%'"
        )
        assert [name for (name,) in cursor.fetchall()] == []
