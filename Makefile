# crossclaim: `make demo` shows it, `make test` proves it. Needs git, make and Python 3.11 or newer.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
MUTATION_STAMP := $(VENV)/.installed-mutation
# Everything comes from the lock files, by hash; nothing is resolved or built in passing.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
COMPILE := PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= $(BIN)/pip-compile --quiet --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --no-annotate \
	--strip-extras --allow-unsafe --extra build
# Processes that are started again and again must not compile our modules each time.
unexport PYTHONDONTWRITEBYTECODE
# Most of the time is spent waiting for engines and parties, so more processes than two cores.
PYTEST ?= $(BIN)/python -m pytest --numprocesses 3

.PHONY: help demo up test proof mutation lint audit lock clean

help: ## show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(RUN_STAMP) ## run the two episodes on real engines and stay up (ONCE=1: leave afterwards)
	@exec $(BIN)/crossclaim demo $(if $(ONCE),--once)

up: $(RUN_STAMP) ## start the embedded stack and stay up until Ctrl-C
	@exec $(BIN)/crossclaim up

test: $(DEV_STAMP) ## run the test suite against the same engines
	$(PYTEST)

# The soak goes alone: beside other engines on two cores it takes four times as long.
proof: $(DEV_STAMP) ## run the same suite at full size
	CROSSCLAIM_FULL=1 $(PYTEST) --ignore=tests/soak
	CROSSCLAIM_FULL=1 $(BIN)/python -m pytest tests/soak

mutation: $(MUTATION_STAMP) ## change the money rules on purpose, see which change no test notices (MINUTES=60 MODULES="...")
	nice -n 19 $(BIN)/python -m tests.mutation $(if $(MINUTES),--minutes $(MINUTES)) $(if $(MODULES),--modules $(MODULES))

lint: $(DEV_STAMP) ## style, types, imports between rooms, holes and secrets, and the compose file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.lint.code_scan
	$(BIN)/python -m tests.lint.secret_scan
	@command -v docker-compose >/dev/null || { echo "docker-compose is missing; install the package docker-compose of your distribution." >&2; exit 1; }
	docker-compose --env-file .env.example config --quiet

audit: $(DEV_STAMP) ## ask for known holes of every locked package; needs the network
	$(BIN)/python -m tests.lint.package_audit

lock: $(DEV_STAMP) ## choose the newest versions and write the lock files anew
	$(COMPILE) --upgrade --output-file requirements.lock pyproject.toml
	$(COMPILE) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --upgrade --extra dev --extra mutation --constraint requirements-dev.lock --output-file requirements-mutation.lock pyproject.toml
	sed -i -E '/^(#|--(extra-)?index-url|--find-links|--trusted-host)/d' requirements*.lock

clean: ## remove the virtual environment and caches, never the data in .crossclaim
	rm -rf $(VENV) .mutation .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module; install the package python3-venv of your distribution." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes --requirement requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	$(PIP_INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

$(MUTATION_STAMP): requirements-mutation.lock $(DEV_STAMP)
	$(PIP_INSTALL) --require-hashes --requirement requirements-mutation.lock
	@touch $@
