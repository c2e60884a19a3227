"""The legal pages, for anyone; what stands on them, for AIM admins."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.forms import LegalTextForm
from accounts.models import LegalText
from accounts.permissions import Accounts
from accounts.requests import SignedInRequest
from accounts.states import LegalPage
from aimcert.foundation.pages import render, tell_saved
from aimcert.foundation.prose import prose
from aimcert.foundation.refusals import must
from aimcert.foundation.stale_forms import ChangedMeanwhile

# The page has an h1 of its own.
HIGHEST = 2


@login_not_required
@require_safe
def legal_page(request: HttpRequest, page: str) -> HttpResponse:
    """What holds now."""
    which = _page_of(page)
    return _shown(
        request, which, LegalText.objects.published(which).first(), holds=True, title=str(which.label)
    )


@login_not_required
@require_safe
def legal_version(request: HttpRequest, page: str, number: int) -> HttpResponse:
    """What held at some time."""
    which = _page_of(page)
    newest = LegalText.objects.published(which)[:1]
    asked = LegalText.objects.published(which).filter(number=number)
    found = {text.number: text for text in newest.union(asked)}
    if number not in found:
        raise Http404
    title = _("%(page)s, version %(number)d") % {"page": which.label, "number": number}
    return _shown(request, which, found[number], holds=len(found) == 1, title=title)


@require_safe
def legal_pages(request: SignedInRequest) -> HttpResponse:
    """Each with the version that holds, and who published it."""
    must(request.user, Accounts.PUBLISH_LEGAL_PAGES)
    texts = LegalText.objects.published(*LegalPage).distinct("page")
    standing = {text.page: text for text in texts.select_related("published_by")}
    rows = [(page, standing.get(page)) for page in LegalPage]
    return render(request, "accounts/legal_pages.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def edit_legal_page(request: SignedInRequest, page: str) -> HttpResponse:
    """Write a text, look at it, publish it."""
    must(request.user, Accounts.PUBLISH_LEGAL_PAGES)
    which = _page_of(page)
    standing = LegalText.objects.published(which).first()
    posted = request.POST if request.method == "POST" else None
    form = LegalTextForm(posted, initial=LegalTextForm.initial_of(which, standing))
    stale, looks = None, ""
    if form.is_valid() and "look" in request.POST:
        looks = prose(form.cleaned_data["text"], HIGHEST, links=True)
    elif form.is_valid():
        try:
            published = actions.publish_legal_text(page=which, **form.cleaned_data, by=request.user)
        except actions.LegalTextUnfinished as refused:
            form.add_error("text", refused.message)
        except ChangedMeanwhile:
            standing = LegalText.objects.published(which)[0]
            stale = form.beside(
                LegalTextForm.initial_of(which, standing), standing.published_by, standing.published_at
            )
        else:
            tell_saved(request, _("The page was published."), changed=published != standing)
            return redirect("legal_pages")
    context = {"page": which, "standing": standing, "form": form, "stale": stale, "looks": looks}
    return render(request, "accounts/edit_legal_page.html", context)


def _page_of(word: str) -> LegalPage:
    if word not in LegalPage.values:
        raise Http404
    return LegalPage(word)


def _shown(
    request: HttpRequest, page: LegalPage, text: LegalText | None, *, holds: bool, title: str
) -> HttpResponse:
    context = {
        "title": title,
        "page": page,
        "text": text,
        "holds": holds,
        "html": prose(text.text, HIGHEST, links=True) if text else "",
        "earlier": range(text.number - 1, 0, -1) if text and holds else (),
    }
    return render(request, "accounts/legal_page.html", context)
