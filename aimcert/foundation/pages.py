"""Pages, each with the status that fits what it says: 200, or how the form on it was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any

from django import forms, shortcuts
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from aimcert.foundation.refusals import Refused

NOT_NOW, TOO_BIG = "not_now", "too_big"
# Of a form that was understood and refused, and of errors that say more than that, by their code: allauth's
# is that of its limits.
REFUSED_STATUS = 422
STATUSES = {TOO_BIG: 413, "too_many_login_attempts": 429, "too_many_passwords": 429, NOT_NOW: 409}


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int | None = None,
    content_type: str | None = None,
) -> HttpResponse:
    """Django's shortcut, with the status of what the page says, and by whose clocks it says it.

    The page of a course, `course` in its context, says every day and time as they are where that meets.

    Args:
        request: whose page it is.
        template: which page.
        context: what stands on it; where its `form` has errors, or `has_errors` is true, it is a form
            that comes back, and its title says so.
        status: of a page that is about something else; None: see `status_of`.
        content_type: where it is no HTML.
    """
    if status is None:
        status = status_of(context or {})
    zone = getattr((context or {}).get("course"), "zone", None)
    with timezone.override(zone) if zone else nullcontext():
        return shortcuts.render(request, template, context, content_type=content_type, status=status)


def tell_saved(request: HttpRequest, words: str, *, changed: bool) -> None:
    """Say on the next page what was saved; of what was sent as it stood before, that nothing changed."""
    if changed:
        messages.success(request, words)
    else:
        messages.info(request, _("Nothing was changed."))


def status_of(context: Mapping[str, Any]) -> int:
    """The status of a page with this `context`: 200, and of a form that comes back what fits its errors.

    That is 422 for what was understood and refused; 413 where something is too big, 429 after too many
    tries; and 409 where there is no more to it than that it cannot be done now, or where `stale` says what
    stands by now.
    """
    if context.get("stale"):
        return 409
    form = context.get("form")
    if not (context.get("has_errors") or (form is not None and form.errors)):
        return 200
    codes: set[str | None] = set(_codes(context))
    if len(codes) > 1:
        # Beside something to put right, that it cannot be done now says less.
        codes.discard(NOT_NOW)
    return next((status for code, status in STATUSES.items() if code in codes), REFUSED_STATUS)


def refusal_of(refused: Refused, *, on_field: bool) -> ValidationError:
    """`refused` as an error of a form.

    Args:
        refused: what an action raised.
        on_field: whether it stands beside the field that it is about, where something else would be taken.
    """
    code = next((code for code, status in STATUSES.items() if status == refused.status), "refused")
    return ValidationError(str(refused.message), code="refused" if on_field and code == NOT_NOW else code)


def _codes(context: Mapping[str, Any]) -> Iterator[str | None]:
    """The codes of all errors of the forms in `context`."""
    for value in context.values():
        if isinstance(value, forms.BaseFormSet) and value.is_bound:
            yield from (error.code for error in value.non_form_errors().as_data())
            yield from (code for form in value.forms for code in _codes({"form": form}))
        elif isinstance(value, forms.BaseForm):
            yield from (error.code for errors in value.errors.as_data().values() for error in errors)
