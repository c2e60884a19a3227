"""The demo's mailbox pages, open to everybody: they are routed in the demo alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aimcert.demo.letters import find_letter, newest_letters
from aimcert.foundation.pages import render


@login_not_required
@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """All letters that would have been sent, newest first."""
    return render(request, "demo/mailbox.html", {"letters": newest_letters()})


@login_not_required
@require_safe
@never_cache
def message(request: HttpRequest, name: str) -> HttpResponse:
    """One letter."""
    letter = find_letter(name)
    if letter is None:
        raise Http404
    return render(request, "demo/message.html", {"letter": letter})
