# Amanat's tasks. `make` alone lists them.
SHELL := /bin/sh
PYTHON ?=
PYTEST := .venv/bin/python -m pytest
# A file of tests stays with one worker: its web server is started once.
WORKERS ?= 2
PARALLEL := -n $(WORKERS) --dist loadfile
.DEFAULT_GOAL := help
.PHONY: help run test check bench drill night coverage-of-clauses lock screenshots

help:  ## List the tasks
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-22s %s\n", $$1, $$2 }'

run:  ## Start everything with the demo world and print where to look; Ctrl-C stops it
	@PYTHON=$(PYTHON) setup/environment.sh server
	@exec .venv/bin/amanat run

test:  ## Run every test, the browser's included
	@PYTHON=$(PYTHON) setup/environment.sh test
	$(PYTEST) $(PARALLEL) $(ARGS)

check:  ## Format, lints, types, import floors, translations, missing migrations
	@PYTHON=$(PYTHON) setup/environment.sh test
	.venv/bin/ruff format --check -q
	.venv/bin/ruff check -q
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTEST) tests/unit/portals/test_translations.py tests/unit/database/test_migrations.py

bench:  ## Measure; ARGS=--full for the long way
	@PYTHON=$(PYTHON) setup/environment.sh test
	.venv/bin/python -m bench $(ARGS)

drill:  ## Run the drills at release size; NAME=… for one of them
	@PYTHON=$(PYTHON) setup/environment.sh test
	AMANAT_DRILL=release $(PYTEST) tests/drills --timeout 0 $(if $(NAME),-k $(NAME))

night:  ## Every test, then the drills at the size of a night
	@PYTHON=$(PYTHON) setup/environment.sh test
	$(PYTEST) $(PARALLEL)
	AMANAT_DRILL=night $(PYTEST) tests/drills --timeout 0

coverage-of-clauses:  ## Print for each clause of the statement the passing test that shows it
	@PYTHON=$(PYTHON) setup/environment.sh test
	@$(PYTEST) $(PARALLEL) -m clause --clause-table

screenshots:  ## Take pictures of the pages, at 360 and 1440 px, light and dark, into screenshots/
	@PYTHON=$(PYTHON) setup/environment.sh test
	$(PYTEST) tests/journeys

lock:  ## Pin the dependencies anew, by hash and without any address (needs uv)
	uv pip compile $(LOCKED) --extra server -o requirements.lock
	uv pip compile $(LOCKED) --extra server --group test --group check -o requirements-test.lock

LOCKED := -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command "make lock" pyproject.toml setup/build.in
