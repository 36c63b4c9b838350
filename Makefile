# Two commands do everything: `make demo` and `make test`. Both need Python 3.11+ and a package index.
PYTHON ?= python3
VENV := .venv
BUILD ?= build
BIN := $(VENV)/bin
DEMO := fixtures/sco-2020

.PHONY: demo test lint lint-page bench accuracy clean
.DEFAULT_GOAL := demo

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "corpusalign needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

demo: $(VENV)/installed
	@mkdir -p $(BUILD)
	$(BIN)/corpusalign align $(DEMO)/en.html $(DEMO)/zh.html $(DEMO)/fr.html -o $(BUILD)/sco-2020.tmx

test: $(VENV)/installed-test
	$(BIN)/python -m pytest

lint: $(VENV)/installed-test lint-page
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The scripts of the review page, where node is at hand; nothing of it is needed to build or run corpusalign.
lint-page:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/installed && \
	  node_modules/.bin/tsc && node_modules/.bin/eslint corpusalign/review/browser; \
	else echo "npm is not here: the review page's scripts are not checked"; fi

node_modules/installed: package.json
	npm install --no-package-lock --no-audit --no-fund --silent
	@touch $@

# Speed of every stage on the fixtures, then accuracy against their gold alignments.
bench: $(VENV)/installed-test
	$(BIN)/python -m pytest benchmarks -o addopts= --benchmark-only --benchmark-columns=min,median,max,rounds
	$(BIN)/python -m benchmarks.accuracy fixtures

accuracy: $(VENV)/installed-test
	$(BIN)/python -m benchmarks.accuracy $(or $(GOLD),fixtures)

clean:
	rm -rf $(VENV) $(BUILD) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks *.egg-info
