"""Settings, in one file, driven by the environment; docs/operations.md lists every variable.

A missing secret stops the start, and so does what aimcert/deployment.py finds dangerous. Only the demo
and the tests, which set AIMCERT_DEMO or AIMCERT_TEST and make their own secrets, run without a
deployment's variables.
"""

import json
import os
from pathlib import Path
from typing import TypedDict

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from aimcert.deployment import refused, says_yes
from aimcert.foundation.logs import configuration, configure_structlog

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("AIMCERT_VAR", BASE_DIR / "var"))


def required(name: str) -> str:
    """The environment variable `name`, or an error that says which one is missing."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: see docs/operations.md for what it is.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Whether the environment variable `name` says yes."""
    return says_yes(os.environ, name, default=default)


def listed(name: str) -> list[str]:
    """The environment variable `name` as a list, split at commas."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


# --- What this process is ---------------------------------------------------------------------

if reasons := refused(os.environ):
    raise ImproperlyConfigured("\n".join(reasons))
DEMO = flag("AIMCERT_DEMO")
TESTING = flag("AIMCERT_TEST")
DEBUG = False

SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS")
SITE_URL = required("SITE_URL").rstrip("/")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS") or [SITE_URL.split("://", 1)[1].split("/")[0].rsplit(":", 1)[0]]
HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS") or [SITE_URL]

ROOT_URLCONF = "aimcert.urls"
WSGI_APPLICATION = "aimcert.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "safeguarding",
    "certification",
    "assessments",
    "courses",
    "accounts",
    "aimcert.foundation",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "rules.apps.AutodiscoverRulesConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "aimcert.foundation.middleware.BrowserLimitsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "aimcert.foundation.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aimcert.foundation.metrics.MetricsMiddleware",
    "aimcert.foundation.middleware.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "aimcert.foundation.middleware.WholeRequestMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "aimcert.foundation.middleware.SignedInMiddleware",
    "aimcert.foundation.sessions.InUseMiddleware",
    "aimcert.confined.ConfinedMiddleware",
    "aimcert.second_step.SecondStepMiddleware",
    "aimcert.foundation.middleware.NoStoreMiddleware",
    "aimcert.foundation.middleware.HistoryMiddleware",
    "aimcert.foundation.middleware.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "aimcert.areas.areas",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "aimcert.foundation.templatetags.times",
                "aimcert.foundation.templatetags.components",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Where data lives -------------------------------------------------------------------------

# The application signs in as a role that owns nothing. Migrating needs the owner, whose URL is
# given only to the process that migrates (and to the tests, which then take the other's role).
DATABASE_APP_ROLE = os.environ.get("DATABASE_APP_ROLE", "aimcert_app")
database = dj_database_url.parse(os.environ.get("DATABASE_OWNER_URL") or required("DATABASE_URL"))
DATABASES = {
    "default": {
        **database,
        "OPTIONS": {**database.get("OPTIONS", {}), "connect_timeout": 5},
        # A web process keeps its connection: two to three times the pages of opening one each.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # PgBouncer in transaction mode keeps no server-side cursor between statements.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}

CACHES = {
    # Rate limits live here. Redis is the broker and nothing else.
    # Django keeps 300 rows unless told otherwise, and a flood would push a limit's count out.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

FILES_DIR = Path(os.environ.get("FILES_DIR", VAR_DIR / "files"))
STORAGES = {
    "default": {
        "BACKEND": os.environ.get("FILES_STORAGE") or "django.core.files.storage.FileSystemStorage",
        "OPTIONS": json.loads(os.environ.get("FILES_STORAGE_OPTIONS") or "{}")
        if os.environ.get("FILES_STORAGE")
        else {"location": FILES_DIR},
    },
    "staticfiles": {
        # Compressing takes a quarter of a minute, which loopback never gets back.
        "BACKEND": "aimcert.foundation.static_files.HashedFiles"
        if DEMO or TESTING
        else "aimcert.foundation.static_files.CompressedHashedFiles"
    },
}
# A development checkout's packages; an image has them collected and needs no Node at all.
NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", VAR_DIR / "static"))
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BASE_DIR / "static"]
if NODE_MODULES.exists():
    STATICFILES_DIRS += [
        ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
        ("vendor/atkinson-hyperlegible", NODE_MODULES / "@fontsource" / "atkinson-hyperlegible" / "files"),
        (
            "vendor/atkinson-hyperlegible-mono",
            NODE_MODULES / "@fontsource" / "atkinson-hyperlegible-mono" / "files",
        ),
        ("vendor/noto-serif-hebrew", NODE_MODULES / "@fontsource" / "noto-serif-hebrew" / "files"),
        ("vendor/scheherazade-new", NODE_MODULES / "@fontsource" / "scheherazade-new" / "files"),
        ("vendor/source-serif-4", NODE_MODULES / "@fontsource" / "source-serif-4" / "files"),
    ]

# --- Who one is -------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
# What the bare address leads to that is not signed in.
WELCOME_URL = "welcome"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "accounts.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# A code that arrives verifies the address each time; allauth's own table of addresses stays empty.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "accounts.forms.PasswordSignInForm",
    "request_login_code": "accounts.forms.SignInForm",
    "confirm_login_code": "accounts.forms.SignInCodeForm",
    "set_password": "accounts.forms.PasswordSetForm",
    "change_password": "accounts.forms.PasswordChangeForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
# Digits, for a phone's keypad; how many tries there are is in docs/adr/0016-getting-in.md.
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
# What somebody may ask for who is not signed in, accounts/limits.py counts (docs/adr/0016-getting-in.md).
# allauth adds its own limit, some of them per network address, for every name that is not here.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "request_login_code": None,
    "confirm_login_code": None,
    "reauthenticate": "10/15m/user",
    "change_password": "10/15m/user",
    "change_phone": None,
    "reset_password": None,
    "reset_password_from_key": None,
    "signup": None,
    "manage_email": None,
    "confirm_email": None,
    "verify_phone": None,
}
USERSESSIONS_TRACK_ACTIVITY = False

MFA_ADAPTER = "accounts.second_factors.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.proofs.SecondStepForm",
    "authenticate_webauthn": "accounts.proofs.PasskeyForm",
}
MFA_TOTP_ISSUER = "AIMcert"
# A telephone's clock is seldom right to the second.
MFA_TOTP_TOLERANCE = 1
# Loopback has no TLS; browsers make passkeys on `localhost` all the same.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# An AIM admin has a second step, or is none; in the demo and in tests that would stand in everyone's way.
STAFF_SECOND_FACTOR = not (DEMO or TESTING)

SESSION_ENGINE = "aimcert.foundation.sessions"
# Without use, and whatever its use: a working day in a room with shared computers.
SESSION_IDLE_MINUTES = int(os.environ.get("SESSION_IDLE_MINUTES", "60"))
SESSION_COOKIE_AGE = int(os.environ.get("SESSION_HOURS", "12")) * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "aimcert.foundation.refusals.csrf_failure"

# --- What a browser may do --------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz(/\w+)?$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours add to X-Forwarded-For: what the outermost of them saw is the client's address, and
# what stands before it is the client's own invention. Without one, nothing in the header is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(
    os.environ.get("TRUSTED_PROXY_COUNT") or ("1" if flag("BEHIND_PROXY") else "0")
)
X_FRAME_OPTIONS = "DENY"
WHITENOISE_ALLOW_ALL_ORIGINS = False
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Files stay in memory, so that none is left on a disk by a process that dies; see AIM["SCAN_MB"].
FILE_UPLOAD_HANDLERS = ["aimcert.foundation.uploads.BoundedUploads"]
# The address is unique on Lower(email), which the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# --- Language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English (United Kingdom)"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH = ["aimcert.formats"]

# --- Letters ----------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = required("EMAIL_HOST")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or "587")
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS", default=not (DEMO or TESTING))
EMAIL_TIMEOUT = 10
MESSAGE_ID_DOMAIN = os.environ.get("MESSAGE_ID_DOMAIN") or SITE_URL.split("://", 1)[1].split(":")[0]
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "AIMcert <no-reply@aimcert.example>")

# --- Background work --------------------------------------------------------------------------

CELERY_BROKER_URL = required("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# A task whose worker is killed runs again, here and, if the broker lost it, by the sweeps.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any task: a task longer than this would be started twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "retry_on_timeout": True,
}
# What somebody waits for on a page has a queue and a worker of its own, which nothing long can hold up.
URGENT_QUEUE = "urgent"
CELERY_TASK_ROUTES = {
    name: {"queue": URGENT_QUEUE}
    for name in ("foundation.urgent_beat", "accounts.send_urgent_email", "accounts.sweep_urgent_emails")
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
SWEEP_SECONDS = int(os.environ.get("SWEEP_SECONDS") or "30")
# By name, and every how many seconds.
PERIODIC = dict.fromkeys(
    (
        "foundation.beat",
        "foundation.urgent_beat",
        "accounts.sweep_urgent_emails",
        "accounts.sweep_emails",
        "accounts.sweep_exports",
        "assessments.sweep_keys",
        "assessments.sweep_scans",
        "certification.sweep_documents",
        "certification.sweep_reports",
        "certification.sweep_follow_ups",
    ),
    SWEEP_SECONDS,
)
# Rows whose time is over. Each hour, since a beat that is started anew begins to count again.
PERIODIC |= dict.fromkeys(
    ("foundation.forget_expired", "accounts.forget_expired", "accounts.reseal_secrets"), 3600
)
# What has a day and no time.
PERIODIC["certification.sweep_conversations"] = 3600
PERIODIC["certification.sweep_appeals"] = 3600
# A message is worth nothing once the next is sent: where a worker was out, it passes over those that waited.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": float(seconds), "options": {"expires": seconds}}
    for name, seconds in PERIODIC.items()
}

# --- What The AIM Project decides -------------------------------------------------------------


class SecondMarking(TypedDict):
    """How much is marked a second time."""

    sample_at_least: int
    sample_percent: int
    first_courses: int


class Aim(TypedDict):
    """What The AIM Project decides, and may decide otherwise."""

    FOLLOW_UP_WORKING_DAYS: int
    CONSIDERATION_TOLD_WORKING_DAYS: int
    CONSIDERATION_DECIDED_WORKING_DAYS: int
    CONVERSATION_WORKING_DAYS: int
    APPEAL_WORKING_DAYS: int
    APPEAL_ANSWER_WORKING_DAYS: int
    MADE_UP_WITHIN_DAYS: int
    REGISTER_OPENS_MINUTES_BEFORE: int
    INVITATION_DAYS: int
    REPORT_HOURS: int
    EXPORT_DAYS: int
    LETTER_DAYS: int
    JOURNAL_HOURS: int
    ROOM_CODE_MINUTES: int
    SECOND_MARKING: SecondMarking
    MARKING_TURN_MINUTES: int
    SCAN_MB: int
    ASKED_ANEW_MINUTES: int
    SENT_FORM_DAYS: int
    COHORT_LEAST: int
    COHORT_APART: int
    SUPPORT_EMAIL: str
    SAFEGUARDING_CONTACT: dict[str, str]


def _second_marking(numbers: str) -> SecondMarking:
    at_least, percent, first_courses = (int(number) for number in numbers.split())
    return {"sample_at_least": at_least, "sample_percent": percent, "first_courses": first_courses}


AIM: Aim = {
    # How long someone not yet competent has to read what the sponsor will be told, to add a comment and
    # to send it on. Then it goes by itself.
    "FOLLOW_UP_WORKING_DAYS": 2,
    # How long after a course's last session it can be recorded that something happened to somebody on it.
    "CONSIDERATION_TOLD_WORKING_DAYS": 5,
    # How long The AIM Project has to decide on it before its home page says that it is overdue.
    "CONSIDERATION_DECIDED_WORKING_DAYS": 3,
    # How long, at most, a conversation about not yet competent can be put off that could not be held.
    "CONVERSATION_WORKING_DAYS": 10,
    # How long somebody can ask for a review, from when they could read what it is about.
    "APPEAL_WORKING_DAYS": 20,
    # How long The AIM Project has to answer it before every AIM admin is told that it is overdue.
    "APPEAL_ANSWER_WORKING_DAYS": 20,
    # How long after a missed session an equivalent one can be made up.
    "MADE_UP_WITHIN_DAYS": 90,
    # How long before a session starts its register can be taken, while people arrive.
    "REGISTER_OPENS_MINUTES_BEFORE": 15,
    "INVITATION_DAYS": 30,
    "REPORT_HOURS": 24,
    # How long the file of everything held about somebody can be downloaded by them.
    "EXPORT_DAYS": 14,
    # How long it is known to whom a letter went, and that one could not be sent.
    "LETTER_DAYS": 90,
    # How long after a course what its participants' own devices hold can still be read.
    "JOURNAL_HOURS": 24,
    # How long a code works that a trainer gives to somebody in the room.
    "ROOM_CODE_MINUTES": 10,
    # Second marking, where The AIM Project set no numbers for a programme: the larger of so many scripts and
    # so many per cent of each marker on each course, and on how many first courses of an Associate every
    # *not yet competent*.
    "SECOND_MARKING": _second_marking(os.environ.get("SECOND_MARKING", "3 10 2")),
    # How long an answer that a marker has open is theirs, from when they were last seen there.
    "MARKING_TURN_MINUTES": 5,
    # The largest scan or photograph of paper, and of those that one form sends together.
    "SCAN_MB": 15,
    # How long signing in, or proving anew who one is, counts for what cannot be undone.
    "ASKED_ANEW_MINUTES": 15,
    # How long a form that is sent again answers as it did the first time.
    "SENT_FORM_DAYS": 7,
    # A sponsor reads where its people were strong or weak only where at least so many of them can be
    # counted, and something new only once at least so many more can: of fewer, one could tell whose
    # marks they are.
    "COHORT_LEAST": 10,
    "COHORT_APART": 5,
    "SUPPORT_EMAIL": os.environ.get("SUPPORT_EMAIL", "support@aimcert.example"),
    # Whom people phone or write to about a child or about somebody's suitability.
    "SAFEGUARDING_CONTACT": {
        "name": os.environ.get("SAFEGUARDING_NAME", ""),
        "phone": os.environ.get("SAFEGUARDING_PHONE", ""),
        "email": os.environ.get("SAFEGUARDING_EMAIL", ""),
    },
}

# --- Metrics: on an address of their own, never on the public one -------------------------------

METRICS_HOST = os.environ.get("METRICS_HOST") or "127.0.0.1"
# Web's; the other processes have those after it. 0: none, as in the demo and in tests unless they ask.
METRICS_PORT = int(os.environ.get("METRICS_PORT") or ("0" if DEMO or TESTING else "9464"))

# --- Logs: data, never what somebody wrote -----------------------------------------------------

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# To log who asks, it would read the session of pages that read none.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
LOGGING = configuration(os.environ.get("LOG_LEVEL") or "INFO")
configure_structlog()
