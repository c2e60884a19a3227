"""How every line of every log is written: JSON, with when, how grave and whose ids; no word of anybody's.

Libraries put paths, addresses and the words of errors into their messages. An invitation's path is its
secret, and an error quotes what it could not take, so here a request is named by its route, an error by its
class, and what is left of a message loses paths and addresses. It knows nothing of Django, since gunicorn's
own process logs as well.
"""

from __future__ import annotations

import errno
import logging
import re
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# What a line may carry beside its message: ids, counts, classes. Whatever else `extra` has is left out.
EXTRA = (
    "attempts",
    "certificate",
    "course",
    "document",
    "enrolment",
    "error",
    "export",
    "letter",
    "report",
    "submission",
    "task",
    "upload",
    "waiting",
)
# What Celery says of a task that is neither its arguments nor its result.
OF_A_TASK = ("description", "hostname", "id", "name", "runtime")
PATHS = re.compile(r"(?<![\w.:/])(?:\w+:/)?/[^\s'\"),]+")
ADDRESSES = re.compile(r"[^\s'\"<(]+@[^\s'\">)]+\.[^\s'\">)]+")


def error_code(error: BaseException) -> str:
    """What kind of error it is, with the code that its library gives it; never its words.

    A full disk is `OSError ENOSPC`, a refused letter `SMTPRecipientsRefused 550`, a broken constraint
    `IntegrityError 23505`.
    """
    code: Any = getattr(error.__cause__, "pgcode", None) or getattr(error, "smtp_code", None)
    if isinstance(error, OSError) and error.errno:
        code = errno.errorcode.get(error.errno, error.errno)
    if recipients := getattr(error, "recipients", None):
        code = next(iter(recipients.values()))[0]
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def configuration(level: str) -> dict[str, Any]:
    """Python's logging, as a dictionary: everything of `level` and above goes to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "aimcert.foundation.logs.formatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        # It tells at once that it is there.
        "loggers": {"pikepdf": {"level": "WARNING"}},
        "root": {"handlers": ["console"], "level": level},
    }


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """What writes a line, whichever logger it came by."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            *SHARED,
            structlog.stdlib.ExtraAdder(allow=EXTRA),
            _message_without_words,
        ],
        processors=[
            _error_without_words,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(default=lambda value: type(value).__name__),
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


def configure_structlog() -> None:
    """Let what structlog's own loggers say go the same way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
)


def route_of(request: Any) -> str:
    """The route that a request of Django's takes, with its arguments' names in place of their values."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "no route"


def _message_without_words(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    given = event.pop("positional_args", ())
    request: Any = getattr(record, "request", None)
    if hasattr(request, "META"):
        # Django's words are the whole path, or an exception's.
        status = getattr(record, "status_code", 500)
        event["event"] = "request failed" if status >= 500 else "request refused"
        event.update(code=status, request=f"{request.method} {route_of(request)}")
        event.setdefault("request_id", getattr(request, "log_id", None))
        if record.name == "django.security.csrf" and given:
            event["reason"] = str(given[0]).split(" - ")[0]
        return event
    if record.name == "gunicorn.access":
        event["event"] = "answered"
        if isinstance(given, Mapping):
            event.update(code=given.get("s"), method=given.get("m"))
        return event
    text = str(event["event"])
    if text.startswith("Invalid request"):
        # gunicorn goes on with where it came from, and with its first line.
        event["event"] = "a request that is none was refused"
        return event
    try:
        if isinstance(given, Mapping):
            if record.name.startswith("celery") and "exc" in given:
                event["error"] = str(given["exc"]).split("(")[0]
            known = {key: given.get(key) if key in OF_A_TASK else "…" for key in given}
            text = text % known
        elif given:
            text = text % tuple(_without_words(each) for each in given)
    except (TypeError, ValueError):
        pass  # the message as it stands, without what it was given
    event["event"] = ADDRESSES.sub("…", PATHS.sub("/…", text.split("\n")[0]))
    return event


def _without_words(value: Any) -> Any:
    if isinstance(value, BaseException):
        return error_code(value)
    return value if isinstance(value, int | float) else str(value)


def _error_without_words(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """An error by its class, its cause's, and where it was raised; its words quote what it could not take."""
    found = event.pop("exc_info", None)
    event.pop("stack_info", None)
    event.pop("exception", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if not isinstance(error, BaseException):
        return event
    event["error"] = error_code(error)
    if error.__cause__ is not None:
        event["cause"] = error_code(error.__cause__)
    event["at"] = _frames(error.__traceback__)
    return event


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        where = code.co_filename.rsplit("site-packages/", 1)[-1]
        frames.append(f"{where}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames
