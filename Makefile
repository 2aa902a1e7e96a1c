# `make` alone says what there is. Everything lives in .venv and var; `make clean` removes .venv.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 /usr/bin/python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: help run test test-fast check lock pictures bench install clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: .venv/installed ## make the virtual environment with the locked requirements

run: .venv/installed ## serve the site on http://127.0.0.1:8000 (PORT=, HOST=; START=demo or START=own for an empty one)
	@exec $(BIN)/python -m config.local.run

test: .venv/installed-dev ## run every test, those in a browser too
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist worksteal

test-fast: .venv/installed-dev ## run the tests without a browser and without servers of their own
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist worksteal -m "not browser and not slow"

check: .venv/installed-dev ## lint and layout, types, import contracts, migrations, settings for production
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check templates
	$(BIN)/oxlint --deny-warnings static
	$(BIN)/oxfmt --check static
	WEERWOORD_MODE=test $(BIN)/mypy .
	$(BIN)/lint-imports
	WEERWOORD_MODE=test $(BIN)/python manage.py makemigrations --check --dry-run
	WEERWOORD_MODE=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') ALLOWED_HOSTS=blog.example SITE_URL=https://blog.example DATABASE_URL=postgres:///none $(BIN)/python manage.py check --deploy --fail-level WARNING

LOCK = .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
lock: .venv/installed ## pin every package that requirements*.in bring along, with hashes (UPGRADE=--upgrade for newer ones)
	$(BIN)/python -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	$(LOCK) $(UPGRADE) -c requirements.txt requirements-dev.in -o requirements-dev.txt

pictures: .venv/installed-dev ## take the pictures of the guides anew
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m tests.pictures

bench: .venv/installed ## measure pages, posting and moving in (some minutes; nginx and wrk are used when there)
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.posting
	$(BIN)/python -m bench.importing

clean: ## remove the virtual environment (never the data in var)
	rm -rf .venv
