# Two commands: `make demo` and `make test`. Each sets up all it needs with Python 3.11+, venv and make alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
export DAGSTER_DISABLE_TELEMETRY = 1
export GX_ANALYTICS_ENABLED = false

ifdef UV
install = uv pip install --quiet --python $(BIN)/python --require-hashes
else
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
endif

.PHONY: demo test services soak lint types format lock bench clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt | $(BIN)/python
	$(install) -r requirements/runtime.txt
	touch $@

$(VENV)/.dev: requirements/dev.txt requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(install) -r requirements/runtime.txt -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Built by the setuptools of dev.txt, not by one fetched for the occasion without a hash.
$(VENV)/.services: requirements/services.txt $(VENV)/.dev
	$(install) --no-build-isolation -r requirements/services.txt
	touch $@

demo: $(VENV)/.runtime
	$(BIN)/python -m fs_pipeline.cli demo --out out/demo

test: $(VENV)/.dev lint types
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# What the tests of services need besides; it wants a C compiler.
services: $(VENV)/.services

# Long trials, before a release: hours on a small machine.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak
	$(BIN)/python -m pytest --numprocesses auto --hypothesis-profile fresh tests/unit

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry fs_pipeline

types: $(VENV)/.dev
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Writes the hashed files from the .in files; needs uv.
lock:
	for name in runtime celery kubernetes dev services bench; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate \
	    --no-header requirements/$$name.in --output-file requirements/$$name.txt; done

clean:
	rm -rf $(VENV) out var build dist
