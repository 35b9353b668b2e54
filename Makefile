# Two commands: `make demo` shows the main job, `make test` proves it. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types tests ordeal bench schema clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	@$(BIN)/bumper demo

test: lint types tests

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

tests: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto -q

# What the suite takes samples of: a run killed at every request, a hundred races.
ordeal: $(VENV)/installed-dev
	BUMPER_TEST_ALL=1 $(BIN)/python -m pytest -n auto -q tests/test_kills.py tests/test_races.py

bench: $(VENV)/installed-dev
	$(BIN)/python -m tests.bench

schema: $(VENV)/installed
	$(BIN)/bumper config schema > bumper/schema.json

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "bumper needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
