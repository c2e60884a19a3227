#!/bin/sh
# Builds the image by running each step of the Dockerfile, and tries what came out: `make image`.
#
#     BASE=IMAGE make image    builds from that image (needs a registry of images)
#     make image               builds from a Debian made here by debootstrap
#
# Needs Debian's buildah (and debootstrap), and root or sudo; runs no container, so it works inside one.
# Behind a proxy with a certificate of its own, SSL_CERT_FILE names the bundle that the build trusts.
set -eu
cd "$(dirname "$0")/.."

if [ "$(id -u)" != 0 ]; then
    exec sudo --preserve-env=BASE,SSL_CERT_FILE "$0" "$@"
fi
work=$PWD/var/image
mkdir -p "$work"
for tool in buildah $([ -n "${BASE:-}" ] || echo debootstrap); do
    command -v "$tool" >/dev/null || {
        echo "Run this once, then try again:"
        echo "    apt-get install --no-install-recommends buildah debootstrap"
        exit 1
    }
done

# Everything stays below var/, in plain folders: no overlay, no other storage is touched.
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
buildah() {
    command buildah --root "$work/storage" --runroot "$work/run" "$@"
}

if [ -z "${BASE:-}" ]; then
    BASE=localhost/aimcert-debian:bookworm
    if ! buildah inspect --type image "$BASE" >/dev/null 2>&1; then
        echo "Making a Debian to build from …"
        rm -rf "$work/debian"
        debootstrap --variant=minbase bookworm "$work/debian" >"$work/debootstrap.log" || {
            tail -5 "$work/debootstrap.log"
            exit 1
        }
        rm -rf "$work/debian/var/cache/apt/archives"/*.deb
        container=$(buildah from scratch)
        buildah add -q "$container" "$work/debian" / >/dev/null
        buildah commit -q --rm "$container" "$BASE" >/dev/null
        rm -rf "$work/debian"
    fi
fi

echo "Building aimcert:latest from $BASE …"
buildah bud --layers=false --pull=false --build-arg BASE="$BASE" \
    ${SSL_CERT_FILE:+--secret "id=ca_bundle,src=$SSL_CERT_FILE"} --tag aimcert:latest .

echo "Trying it, as its own user and with nothing given but what it must have …"
container=$(buildah from --pull-never localhost/aimcert:latest)
trap 'buildah rm "$container" >/dev/null' EXIT
inside() {
    buildah run \
        --env SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w 0)" --env SITE_URL=https://aimcert.example.org \
        --env DATABASE_URL=postgres://aimcert_app@127.0.0.1:9/none --env REDIS_URL=redis://127.0.0.1:9/0 \
        --env EMAIL_HOST=127.0.0.1 --env DEFAULT_FROM_EMAIL=no-reply@example.org \
        --env SUPPORT_EMAIL=support@example.org "$container" -- "$@"
}
inside python manage.py check --deploy --fail-level ERROR
inside sh -c '[ "$(id -u)" = 10001 ] && [ ! -w /app ] && [ ! -w /srv/static ] && [ -w /srv/files ]'
inside celery -A aimcert report >/dev/null
inside python ops/alive.py web 2>/dev/null && { echo "Nothing serves, yet ops/alive.py says so."; exit 1; }
inside gunicorn aimcert.wsgi --check-config
inside python -c '
import django
django.setup()
from datetime import UTC, datetime
from aimcert.foundation.files import store
from aimcert.foundation.pdf import render_pdf
page = "<!DOCTYPE html><html lang=en-gb><title>x</title><p>x</p></html>"
pdf = render_pdf(page, stylesheet="documents/certificate.css", title="x", language="en-gb", created=datetime.now(UTC))
print("It writes and keeps a PDF:", store(pdf, suffix=".pdf").size, "bytes.")
'
buildah images localhost/aimcert:latest
