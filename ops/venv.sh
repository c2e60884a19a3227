#!/bin/sh
# Makes .venv with the first Python on this machine that is new enough.
set -eu

for python in "${PYTHON3:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        # Without ensurepip (Debian packs it apart) a virtual environment has no pip.
        if ! "$python" -c 'import ensurepip' 2>/dev/null; then
            "$python" ops/machine.py venv
        fi
        echo "Making .venv with $("$python" --version) …"
        rm -rf .venv
        exec "$python" -m venv .venv
    fi
done
echo "AIMcert needs Python 3.11 or later; none was found. Set PYTHON3 to its path." >&2
exit 1
