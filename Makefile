# In My Shoes: the few commands of daily work. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help play play-slack play-discord run test soak check bench pictures lock

# The first Python that is new enough; empty if there is none.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$python"; break; }; done)

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PACKAGES := bot adapters content storage
# Tests wait more than they compute, so one more than the two cores of a small machine.
WORKERS ?= 3

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

play: .venv/.runtime ## open the practice room in your browser
	@$(BIN)/shoes play

play-slack: .venv/.runtime ## try the bot in a small stand-in for Slack, without an account
	@$(BIN)/python -m tests.slack.play --bot

play-discord: .venv/.runtime ## try the bot in a small stand-in for Discord, without an account
	@$(BIN)/python -m tests.discord.play --bot

run: .venv/.runtime ## start the bot with the platforms that .env names
	@$(BIN)/shoes run

test: .venv/.dev ## run every test this machine can run
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal

soak: .venv/.dev ## kill the program again and again while people vote: SOAK_KILLS=100 times
	$(BIN)/python -m tests.crash.soak

check: .venv/.dev ## check everything but the tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry $(PACKAGES)
	$(BIN)/vulture
	$(BIN)/shoes check-content
	$(BIN)/hadolint Dockerfile

bench: .venv/.dev ## measure, and print the figures as one table
	$(BIN)/python -m benchmarks

pictures: .venv/.dev ## take the pictures of the README and the guides anew from the running product (needs chromium)
	$(BIN)/python -m scripts.screenshots
	$(BIN)/python -m scripts.campaign_pictures

# Versions stay as they are locked; `make lock UPGRADE=--upgrade` takes the newest.
# --universal: one file for every supported Python. The development lock is bound to
# the other one, so that both fit into the same environment.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
lock: .venv/.dev ## write both lock files anew from pyproject.toml
	$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --extra postgres --constraint requirements.lock \
		--output-file requirements-dev.lock

# --- The environment: made once, and again only when what it is made from changes ---

.venv/.python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "In My Shoes needs Python 3.11 or newer, and found none."; \
		echo "On Debian: apt-get install python3 python3-venv"; exit 1; fi
	@echo "Making an environment in .venv ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python could not make an environment. On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

# The package itself is installed as a link to this folder, without asking for anything more.
.venv/.runtime: .venv/.python requirements.lock pyproject.toml
	@echo "Installing what the bot needs (about a minute, the first time) ..."
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# The development lock holds all of the runtime lock in the same versions,
# so this one counts as the other, and `make play` after `make test` starts at once.
.venv/.dev: .venv/.python requirements.lock requirements-dev.lock pyproject.toml
	@echo "Installing what the bot and its tests need (about a minute, the first time) ..."
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch .venv/.runtime $@
