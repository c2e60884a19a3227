#!/bin/sh
# Locks the dependencies: every platform, no address of any registry in the files.
set -eu

compile() {
    uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --universal --python-version 3.11 pyproject.toml "$@"
}

if ! command -v uv >/dev/null 2>&1; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    PATH="$PWD/.venv/bin:$PATH"
fi
compile -o requirements.txt
compile --extra dev --extra demo -c requirements.txt -o requirements-dev.txt
compile --extra demo -c requirements-dev.txt -o requirements-demo.txt
sh ops/npm.sh install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
