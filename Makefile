# Each target works as the first command on a fresh machine with make, Python 3.11 or newer and a package index.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
LOCK := build/lock
LOWEST := build/lowest
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
COMPILE := $(LOCK)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header pyproject.toml
COVERAGE ?= 97

.DEFAULT_GOAL := help
.PHONY: help install demo test lint format coverage bench schemas lock fuzz-long equal-long test-lowest clean

help:  ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "viprules needs Python 3.11 or newer on the path (or make PYTHON=…)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp per requirements file: nothing is installed again until the pins or the project's own metadata change.
$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/demo.stamp: requirements/demo.txt $(VENV)/dev.stamp
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/demo.txt
	@touch $@

install: $(VENV)/dev.stamp  ## make .venv with everything to work on the project

demo: $(VENV)/demo.stamp  ## decide 2,469 households of a public grocery panel
	$(BIN)/viprules demo

# pytest comes last and judges the coverage itself, so that its closing line is the last word.
test: lint  ## lint, types, every test, and the branch coverage of the engine
	$(BIN)/pytest --cov --cov-report=term-missing --cov-fail-under=$(COVERAGE)

lint: $(VENV)/dev.stamp  ## ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	MYPYPATH=src $(BIN)/mypy --no-explicit-package-bases plugins

format: $(VENV)/dev.stamp  ## let ruff repair what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

coverage: $(VENV)/dev.stamp  ## after a `make test`: the lines of the whole package that no test reaches
	$(BIN)/coverage report --include='src/*'

bench: $(VENV)/dev.stamp  ## every script of bench/, one after the other
	@set -e; for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script; done

schemas: $(VENV)/dev.stamp  ## write schemas/ anew from the registered descriptions
	@mkdir -p schemas
	set -e; for kind in policy test mapping; do $(BIN)/viprules schema $$kind --plugins none --output schemas/$$kind.json; done

fuzz-long: $(VENV)/dev.stamp  ## a million hostile inputs (FUZZ=…)
	VIPRULES_FUZZ=$(or $(FUZZ),1000000) $(BIN)/pytest -m fuzz

equal-long: $(VENV)/dev.stamp  ## 100,000 policies and histories: walked = compiled = batch (PAIRS=…)
	VIPRULES_PAIRS=$(or $(PAIRS),100000) $(BIN)/pytest -m equal

test-lowest: $(LOWEST)/dev.stamp  ## every test on the oldest dependencies that pyproject.toml allows
	$(LOWEST)/bin/pytest

$(LOWEST)/dev.stamp: requirements/lowest.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "viprules needs Python 3.11 or newer on the path (or make PYTHON=…)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python $(PIP_INSTALL) --require-hashes -r requirements/lowest.txt
	$(LOWEST)/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(LOCK)/bin/uv:
	$(PYTHON) -m venv $(LOCK)
	$(LOCK)/bin/python $(PIP_INSTALL) uv

# The lowest dependencies are found first, then the newest tools that go with them.
lock: $(LOCK)/bin/uv  ## write requirements/ anew from the ranges in pyproject.toml
	$(COMPILE) --upgrade --extra batch --group dev --output-file requirements/dev.txt
	$(COMPILE) --upgrade --extra demo --constraints requirements/dev.txt --no-emit-package viprules \
		--output-file requirements/demo.txt
	$(COMPILE) --upgrade --extra batch --resolution lowest-direct --output-file $(LOCK)/lowest.txt
	$(COMPILE) --upgrade --extra batch --group dev --constraints $(LOCK)/lowest.txt \
		--output-file requirements/lowest.txt

clean:  ## remove everything that was made
	rm -rf $(VENV) build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
