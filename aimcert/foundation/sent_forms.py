"""Irreversible forms: sent twice, they act once, and the second sending leads where the first did."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from aimcert.foundation.models import SentForm
from aimcert.foundation.refusals import Refused

FIELD = "idempotency_key"
# The SQLSTATE of what would change something where nothing may be changed.
READ_ONLY = "25006"

View = Callable[..., HttpResponse]


class FormNotRecognised(Refused):
    """The key that a form carries is missing, malformed, or belongs to another person or form."""

    status = 400


def sent_once(view: View) -> View:
    """Let a POST of one form, for a signed-in person, have its effect once.

    The form holds `{% idempotency_key %}`. The view and the key share one transaction, so the key
    is spent exactly when the view's work is kept: a refusal, an error or a crash leaves it unspent.
    Whether this person may do it, and now, is asked before the key is: see `_refused_by`.
    A double click, a reload or the back button then answers with the redirect of the first sending,
    and two sendings at the same moment wait for one another.

    Args:
        view: answers a redirect where it acted. Anything else (the form again, with its errors)
            means that nothing was done, and the same form can be sent again.

    Raises:
        FormNotRecognised: the key is missing or malformed, or was spent by another person or on
            another page (400).
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            key = _key_of(request)
            with transaction.atomic():
                if not _spend(key, request):
                    return _answer_of_the_first(key, request)
                response = view(request, *args, **kwargs)
                mine = SentForm.objects.filter(key=key)
                if isinstance(response, HttpResponseRedirect):
                    mine.update(answer=response.url)
                else:
                    mine.delete()
                return response
        except FormNotRecognised:
            _refused_by(view, request, *args, **kwargs)
            raise

    return wrapper


def _refused_by(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
    """Let `view` refuse a form without its key, as it refuses a stranger; it can do nothing else.

    PostgreSQL takes neither a change nor a lock meanwhile, and what a view answers is thrown away.

    Raises:
        Http404, PermissionDenied, Refused: what the view raises before it would act.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            view(request, *args, **kwargs)
            # What it would have said once it is done is not said either.
            transaction.set_rollback(True)
    except InternalError as error:
        if getattr(error.__cause__, "pgcode", None) != READ_ONLY:
            raise


def _key_of(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        raise FormNotRecognised(
            _(
                "This form arrived incomplete, so nothing was done."
                " Go back, reload the page and send it again."
            )
        ) from None


def _spend(key: UUID, request: HttpRequest) -> bool:
    """Whether `key` was new; while another transaction is spending it, wait for that one's end."""
    with connection.cursor() as cursor:
        # The ORM's `ignore_conflicts` does not tell whether a row was made.
        cursor.execute(
            "INSERT INTO foundation_sentform (key, sent_by_id, path, answer, sent_at)"
            " VALUES (%s, %s, %s, '', %s) ON CONFLICT DO NOTHING",
            [str(key), request.user.pk, request.path, timezone.now()],
        )
        return bool(cursor.rowcount)


def _answer_of_the_first(key: UUID, request: HttpRequest) -> HttpResponse:
    first = SentForm.objects.get(key=key)
    if first.sent_by_id != request.user.pk or first.path != request.path:
        raise FormNotRecognised(
            _(
                "This form belongs to another page, so nothing was done."
                " Open the page again and send it from there."
            )
        )
    return HttpResponseRedirect(first.answer)
