#!/bin/sh
# Runs a command, and says what it was for and how long it took: sh ops/timed.sh NAME COMMAND …
set -eu

name=$1
shift
started=$(date +%s)
echo "$name …"
"$@"
echo "$name: $(($(date +%s) - started)) s"
