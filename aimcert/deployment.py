"""With which settings AIMcert does not start: each is refused with a sentence that says what to do.

It knows nothing of Django, since the settings ask it while they load. What is missing altogether, and
must be there, is the settings' own to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
# What stands in examples, in any case and however it is gone on with.
PLACEHOLDERS = (
    "change-me",
    "change_me",
    "changeme",
    "insecure",
    "password",
    "placeholder",
    "replace",
    "secret",
)
# As many as Django's own check asks for, which only warns.
KEY_LENGTH, KEY_KINDS = 50, 10
PASSWORD_LENGTH = 12

Environment = Mapping[str, str]


def says_yes(environment: Environment, name: str, *, default: bool = False) -> bool:
    """Whether the variable `name` says yes.

    Raises:
        ValueError: it says neither yes nor no, and what was meant would be guessed.
    """
    value = environment.get(name)
    if value is None:
        return default
    if value.lower() not in YES | NO:
        raise ValueError(f"{name}={value} is neither yes nor no: give one of the two.")
    return value.lower() in YES


def is_sample(environment: Environment) -> bool:
    """Whether it is the demo or a test, which make their own secrets and stay on this machine."""
    return says_yes(environment, "AIMCERT_DEMO") or says_yes(environment, "AIMCERT_TEST")


def refused(environment: Environment) -> list[str]:
    """Why AIMcert does not start with `environment`, a sentence for each reason; none where it may."""
    try:
        check = _of_a_sample if is_sample(environment) else _of_a_deployment
        return [*check(environment), *_of_any(environment)]
    except ValueError as error:
        return [str(error)]


def _of_any(environment: Environment) -> Iterator[str]:
    for name in ("BEHIND_PROXY", "EMAIL_USE_TLS", "METRICS_NETWORK_IS_CLOSED"):
        says_yes(environment, name)
    site = _split(environment.get("SITE_URL", ""))
    if site and (site.scheme not in ("http", "https") or not site.hostname):
        yield "SITE_URL must be a whole address, with https:// before the name of the host."
    elif site and (site.path.strip("/") or site.query or site.fragment or site.username):
        yield "SITE_URL must end after the host: leave out what comes behind it, and any name before an @."
    yield from _about_metrics(environment)
    # The last three ports are for the processes after web.
    numbers = (("SWEEP_SECONDS", 1, 3600), ("EMAIL_PORT", 1, 65535), ("METRICS_PORT", 0, 65532))
    for name, least, most in numbers:
        value = environment.get(name) or str(least)
        if not value.isdecimal() or not least <= int(value) <= most:
            yield f"{name}={value} must be a whole number from {least} to {most}."


def _about_metrics(environment: Environment) -> Iterator[str]:
    """They ask nobody who they are, and tell how much of what is done here."""
    host = environment.get("METRICS_HOST") or "127.0.0.1"
    try:
        address = ip_address(host)
    except ValueError:
        yield f"METRICS_HOST={host} must be an address of this machine, such as 127.0.0.1."
        return
    is_closed = says_yes(environment, "METRICS_NETWORK_IS_CLOSED")
    if (address.is_unspecified or not address.is_private) and not is_closed:
        yield (
            f"METRICS_HOST={host} lets anybody read the metrics: give an address of loopback or of a private"
            " network. In a container, whose network is closed to others, say METRICS_NETWORK_IS_CLOSED=yes."
        )


def _of_a_sample(environment: Environment) -> Iterator[str]:
    """The demo shows everybody's letters, sign-in codes included; neither is for others to reach."""
    for name in ("AIMCERT_DEMO", "AIMCERT_TEST"):
        if not says_yes(environment, name):
            continue
        site = _split(environment.get("SITE_URL", ""))
        hosts = [*_listed(environment, "ALLOWED_HOSTS"), *([site.hostname or ""] if site else [])]
        if not all(map(_is_loopback, hosts)):
            yield (
                f"{name} is for this machine alone, since it lets anybody in: take {name} out, or give"
                " SITE_URL and ALLOWED_HOSTS of loopback."
            )
        if says_yes(environment, "BEHIND_PROXY"):
            yield f"{name} is for this machine alone, and no proxy may lead to it: take one of both out."
    mail = environment.get("EMAIL_HOST", "")
    if says_yes(environment, "AIMCERT_DEMO") and mail and not _is_loopback(mail):
        yield "AIMCERT_DEMO would send real letters to sample people: take EMAIL_HOST or AIMCERT_DEMO out."


def _of_a_deployment(environment: Environment) -> Iterator[str]:
    yield from _about_keys(environment)
    yield from _about_addresses(environment)
    yield from _about_the_database(environment)
    yield from _about_the_broker(environment)
    yield from _about_letters(environment)
    yield from _about_files(environment)


def _about_keys(environment: Environment) -> Iterator[str]:
    how = "make one with: openssl rand -base64 48"
    key = environment.get("SECRET_KEY", "")
    if key and (why := _weak_key(key)):
        yield f"SECRET_KEY {why}: {how}"
    for old in _listed(environment, "SECRET_KEY_FALLBACKS"):
        if why := _weak_key(old):
            yield f"One of SECRET_KEY_FALLBACKS {why}, and is still believed: leave it out."


def _weak_key(key: str) -> str:
    if any(word in key.lower() for word in PLACEHOLDERS):
        return "is an example's, which everybody knows"
    if len(key) < KEY_LENGTH:
        return f"is shorter than {KEY_LENGTH} characters"
    if len(set(key)) < KEY_KINDS or key in (key + key)[1:-1]:
        return "can be guessed, since it repeats itself"
    return ""


def _about_addresses(environment: Environment) -> Iterator[str]:
    site = _split(environment.get("SITE_URL", ""))
    if site and site.scheme == "http" and site.hostname and not _is_loopback(site.hostname):
        yield "SITE_URL begins with http://, so that everything could be read on its way: use https://."
    hosts = _listed(environment, "ALLOWED_HOSTS")
    for host in hosts:
        if "*" in host or host == ".":
            yield "ALLOWED_HOSTS takes any host, so that links could lead anywhere: name your own."
        elif "/" in host or host.rpartition(":")[2].isdecimal():
            yield f"ALLOWED_HOSTS has {host}: give names of hosts alone, without https:// and port."
    if hosts and site and site.hostname and not any(_covers(host, site.hostname) for host in hosts):
        yield "ALLOWED_HOSTS leaves out SITE_URL's own host, to which every link leads: add it."
    for origin in _listed(environment, "CSRF_TRUSTED_ORIGINS"):
        split = _split(origin)
        if "*" in origin or not split or not split.hostname:
            yield f"CSRF_TRUSTED_ORIGINS has {origin}: name each origin whole, such as https://aimcert.example.org."
        elif split.scheme != "https" and not _is_loopback(split.hostname):
            yield f"CSRF_TRUSTED_ORIGINS has {origin}, whose forms anybody on the way could change: use https://."


def _about_the_database(environment: Environment) -> Iterator[str]:
    role = environment.get("DATABASE_APP_ROLE") or "aimcert_app"
    ours, owners = (_split(environment.get(name, "")) for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
    for name, url in (("DATABASE_URL", ours), ("DATABASE_OWNER_URL", owners)):
        if url and url.password and (why := _weak_password(unquote(url.password), url.username)):
            yield f"The password in {name} {why}: make one with openssl rand -hex 32, also in PostgreSQL."
    if ours and unquote(ours.username or role) != role:
        yield (
            f"DATABASE_URL signs in as {ours.username}, not as the role that owns nothing: use {role}, or"
            " name yours in DATABASE_APP_ROLE."
        )
    if owners and unquote(owners.username or "") == role:
        yield "DATABASE_OWNER_URL signs in as the application's role, which may own nothing: use the owner's."


def _about_the_broker(environment: Environment) -> Iterator[str]:
    broker = _split(environment.get("REDIS_URL", ""))
    if broker is None or broker.scheme not in ("redis", "rediss"):
        return  # a socket, whose folder says who reaches it
    if broker.password and (why := _weak_password(unquote(broker.password), broker.username)):
        yield f"The password in REDIS_URL {why}: make one with openssl rand -hex 32, also in Redis."
    elif not broker.password and not _is_loopback(broker.hostname or ""):
        yield "REDIS_URL has no password, so whoever reaches Redis could give our worker orders: set one."


def _about_letters(environment: Environment) -> Iterator[str]:
    host = environment.get("EMAIL_HOST", "")
    user, password = environment.get("EMAIL_HOST_USER", ""), environment.get("EMAIL_HOST_PASSWORD", "")
    if host and not _is_loopback(host) and not says_yes(environment, "EMAIL_USE_TLS", default=True):
        yield "Sign-in codes would be sent readable for all on the way: set EMAIL_USE_TLS=yes."
    if environment.get("EMAIL_PORT") == "465":
        yield "EMAIL_PORT=465 speaks TLS from the first byte, and AIMcert asks for it with STARTTLS: use 587."
    if bool(user) != bool(password):
        yield "Give both EMAIL_HOST_USER and EMAIL_HOST_PASSWORD, or neither."
    if password and any(word in password.lower() for word in PLACEHOLDERS):
        yield "EMAIL_HOST_PASSWORD is an example's: give the account's own."
    for name, what in (
        ("DEFAULT_FROM_EMAIL", "letters come from"),
        ("SUPPORT_EMAIL", "who needs help writes to"),
    ):
        if "@" not in environment.get(name, ""):
            yield f"{name} must be the address that {what}."


def _about_files(environment: Environment) -> Iterator[str]:
    files, public = (Path(environment.get(name) or f"/{name}") for name in ("FILES_DIR", "STATIC_ROOT"))
    if files.resolve().is_relative_to(public.resolve()) or public.resolve().is_relative_to(files.resolve()):
        yield "FILES_DIR and STATIC_ROOT lie in one another, and STATIC_ROOT is open to all: part them."
    try:
        options = json.loads(environment.get("FILES_STORAGE_OPTIONS") or "{}")
    except ValueError:
        yield "FILES_STORAGE_OPTIONS is no JSON: see docs/operations.md for how it is written."
        return
    if not isinstance(options, dict):
        yield "FILES_STORAGE_OPTIONS must be a JSON object: see docs/operations.md for how it is written."
    elif "public" in str(options.get("default_acl")):
        yield "FILES_STORAGE_OPTIONS makes every certificate and report public: set default_acl to null."


def _weak_password(password: str, user: str | None) -> str:
    if any(word in password.lower() for word in PLACEHOLDERS) or password == user:
        return "is an example's, which everybody knows"
    if len(password) < PASSWORD_LENGTH or len(set(password)) < 5:
        return f"can be guessed: it has less than {PASSWORD_LENGTH} characters, or repeats itself"
    return ""


def _listed(environment: Environment, name: str) -> list[str]:
    return [part.strip() for part in environment.get(name, "").split(",") if part.strip()]


def _split(url: str) -> SplitResult | None:
    """The parts of `url`; None where there is none.

    Raises:
        ValueError: it cannot be read as one.
    """
    return urlsplit(url) if url else None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _covers(allowed: str, host: str) -> bool:
    """Whether Django takes `host` where `allowed` is allowed; a dot before it stands for what is below."""
    allowed = allowed.lower()
    below = allowed.startswith(".") and (host.endswith(allowed) or host == allowed[1:])
    return below or allowed in (host, "*")
