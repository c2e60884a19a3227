"""How long a session lasts: a while without use, and a working day whatever its use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from aimcert.foundation.compiled import Compiled, Given
from aimcert.foundation.refusals import asks_for_itself

# When somebody signed in to it: what is half done before then is no session of anybody's.
BEGAN = "began_at"
# Use is noted once in so long: else every page would write.
NOTED_EACH = timedelta(minutes=1)


_LIVE = Compiled(
    lambda: Session.objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
)


class SessionStore(DatabaseStore):
    """A row of the database whose `expire_date` is the moment at which it ends if nobody uses it."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        row = next(iter(_LIVE.rows(key=self.session_key, now=timezone.now())), None)
        if row is None:
            self._session_key = None
        self.ends_at = row.expire_date if row else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        if SESSION_KEY in data:
            data.setdefault(BEGAN, timezone.now().timestamp())
        else:
            data.pop(BEGAN, None)
        row = super().create_model_instance(data)
        row.expire_date = self.ends_at = self._end(data.get(BEGAN))
        return row

    def note_use(self) -> None:
        """Put the session's end off, since somebody uses it; never past a working day from its beginning.

        Only the row's end is written, so that what another request of the same session keeps in it
        meanwhile is not undone; a session that was ended meanwhile stays ended.
        """
        if self.ends_at is None or BEGAN not in self:
            return
        later = self._end(self[BEGAN])
        # Earlier, where the setting was made shorter meanwhile.
        if abs(later - self.ends_at) >= NOTED_EACH:
            alive = Session.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
            alive.update(expire_date=later)
            self.ends_at = later

    def _end(self, began: float | None) -> datetime:
        now = timezone.now()
        ends = [self.get_expiry_date(), now + timedelta(minutes=settings.SESSION_IDLE_MINUTES)]
        if began is not None:
            ends.append(datetime.fromtimestamp(began, UTC) + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        return min(ends)


class InUseMiddleware:
    """Notes that a session is used, by whoever asks for a page or sends a form.

    A page that asks by itself, such as the one of a question every ten seconds, is no use: a machine
    that was left alone would stay signed in for as long as it runs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> None:
        # Public pages read no session.
        if not getattr(view_func, "login_required", True) or asks_for_itself(request):
            return
        if request.user.is_authenticated:
            request.session.note_use()  # type: ignore[attr-defined]
