# Everything on a fresh machine with Python 3.11 (or newer) and make: serve, test, lab, bench.
# pip uses whatever configuration this machine has.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help serve lab test lint types layers unit browser bench lock clean

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP_INSTALL = $(PY) -m pip install --disable-pip-version-check --quiet --constraint .ci/constraints.txt --editable
PORT ?= 8866

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1: /'

serve: $(VENV)/.serve ## the workbook, in a browser
	$(BIN)/shipworthy serve --port $(PORT)

lab: $(VENV)/.serve ## the notebooks, in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=workbooks

test: lint types layers unit browser ## everything that has to hold

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

layers: $(VENV)/.test
	$(BIN)/lint-imports

unit: $(VENV)/.test
	$(PY) -m pytest --doctest-modules --ignore=tests/browser

browser: $(VENV)/.test $(VENV)/.chromium
	$(PY) -m pytest tests/browser

bench: $(VENV)/.bench $(VENV)/.chromium ## how fast, how small
	$(PY) -m bench

$(PY):
	@python=$$(command -v python3.11 || command -v python3 || command -v python) && \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Shipworthy needs Python 3.11 or newer on the path."; exit 1; }; \
	"$$python" -m venv $(VENV) || { echo "Python cannot make a virtual environment here (on Debian: apt install python3-venv)."; exit 1; }

$(VENV)/.serve: pyproject.toml .ci/constraints.txt | $(PY)
	$(PIP_INSTALL) .
	@touch $@

$(VENV)/.test: pyproject.toml .ci/constraints.txt | $(PY)
	$(PIP_INSTALL) '.[test]'
	@touch $@ $(VENV)/.serve

$(VENV)/.bench: pyproject.toml .ci/constraints.txt | $(PY)
	$(PIP_INSTALL) '.[bench]'
	@touch $@ $(VENV)/.serve

$(VENV)/.chromium: .ci/chromium | $(PY)
	.ci/chromium $(PY)
	@touch $@

lock: ## pin what the pinned packages need, from a fresh environment
	rm -rf $(VENV)-lock && python3.11 -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet '.[test,bench,postgres]'
	{ echo "# Made by make lock: everything that pyproject.toml's versions need."; \
	  $(VENV)-lock/bin/python -m pip freeze --exclude shipworthy; } > .ci/constraints.txt
	rm -rf $(VENV)-lock

clean: ## remove the environment and the caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
