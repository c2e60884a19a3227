# What one does with a checkout; `make` alone lists it. Needs Python 3.11 or later, and make.

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast reset bench rehearse lock lint format image screenshots setup setup-demo machine browser
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile
NPM_QUIETLY := --no-audit --no-fund --no-update-notifier --loglevel=error
export PORT
# Nothing of the caller's own Python reaches in here. What was compiled once is kept: a run starts many processes.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE DJANGO_SETTINGS_MODULE

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: setup-demo  ## run everything here with sample people, on port 8000 or PORT=
	@exec $(PYTHON) -m aimcert.demo

test: setup browser  ## check everything and run every test
	@exec $(PYTHON) ops/checks.py

test-fast: setup  ## run the tests that need neither browser nor running stack
	@exec $(PYTHON) ops/checks.py --fast

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

format: setup  ## write code and templates in the house's form
	$(PYTHON) -m ruff check --fix --quiet .
	$(PYTHON) -m ruff format --quiet .
	.venv/bin/djangofmt --quiet templates

image:  ## build the container image
	@exec sh ops/image.sh

screenshots: setup browser  ## take the pictures for the documentation
	@exec $(PYTHON) ops/screenshots.py

# --- What these need. Each stamp is newer than what it was made from, so a second run is instant. ---

# The demo needs a third of what the tests need. Both kinds of packages are fetched at once, and Python compiles
# what it imports when it imports it.

setup: .venv/bin/python
	@$(MAKE) -s -j2 machine .venv/.installed node_modules/.installed

setup-demo: .venv/bin/python
	@$(MAKE) -s -j2 machine $(if $(wildcard .venv/.installed),.venv/.installed,.venv/.demo) \
		$(if $(wildcard node_modules/.installed),node_modules/.installed,node_modules/.demo)

machine: .venv/bin/python
	@$(PYTHON) ops/machine.py pango

browser: .venv/bin/python
	@$(PYTHON) ops/machine.py chromium

.venv/bin/python:
	@sh ops/venv.sh

.venv/.installed: requirements-dev.txt | .venv/bin/python
	@sh ops/timed.sh "Python packages" $(PIP) -r $<
	@touch .venv/.demo $@

.venv/.demo: requirements-demo.txt | .venv/bin/python
	@sh ops/timed.sh "Python packages" $(PIP) -r $<
	@touch $@

# Where the machine has no npm, that of the Python packages is taken.
HAS_NPM := $(shell command -v npm)

node_modules/.installed: package-lock.json $(if $(HAS_NPM),,.venv/.installed)
	@sh ops/timed.sh "Front-end packages" sh ops/npm.sh ci $(NPM_QUIETLY)
	@touch node_modules/.demo $@

node_modules/.demo: package-lock.json $(if $(HAS_NPM),,.venv/.demo)
	@sh ops/timed.sh "Front-end packages" sh ops/npm.sh ci --omit=dev $(NPM_QUIETLY)
	@touch $@
