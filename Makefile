# Two commands do everything: `make run` opens the dashboard, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check lint types unit docs demo demo-live bench pictures chromium clean

run: $(VENV)/.run
	$(BIN)/python vitrina.py demo --if-empty
	$(BIN)/python -m streamlit run dashboard.py

test: $(VENV)/.test lint types unit

check: test

lint: $(VENV)/.test
	$(BIN)/python -m ruff check .

types: $(VENV)/.test
	$(BIN)/python -m mypy

unit: $(VENV)/.test
	$(BIN)/python -m pytest -n auto

demo: $(VENV)/.run
	$(BIN)/python vitrina.py demo

# The connecting path without an account: services that are not there, a client connected to them, a pull, the screens.
demo-live: $(VENV)/.run
	$(BIN)/python -m tests.fakes.live

docs: $(VENV)/.run
	$(BIN)/python -m docs.generate

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.ask
	$(BIN)/python -m benchmarks.forecast
	$(BIN)/python -m benchmarks.pull

pictures: $(VENV)/.test
	$(BIN)/python -m tests.tour

chromium:
	.ci/chromium

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vitrina needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements.txt
	$(PIP) -r requirements.txt
	touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	touch $@
