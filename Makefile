# Two commands do everything: `make run` opens the dashboard, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

TOOLS := $(VENV)/tools
LOCKING := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock"
UPGRADE ?=
KILLS ?= 1000
MINUTES ?= 10

.PHONY: run test check lint types unit docs demo demo-live demo-locked locks bench pictures chromium lock audit clean

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

# The demo agency behind sign-in: a provider that asks for no password, a person of every role.
demo-locked: $(VENV)/.test
	$(BIN)/python -m tests.fakes.oidc

# Proves the locks: attacks, a tour as each role, every fault of the table, kills, a crowd at the demo agency. Shorter: make locks KILLS=50 MINUTES=1
locks: $(VENV)/.test
	$(BIN)/python -m pytest -n auto tests/security tests/test_door.py tests/test_browser_sign_in.py
	$(BIN)/python -m pytest -n auto -m promise
	$(BIN)/python -m benchmarks.chaos --kills $(KILLS)
	$(BIN)/python -m benchmarks.crowd --minutes $(MINUTES)

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

# Pins every package and the hashes of its files, for Python 3.11 and later on every system. No index is named: any mirror serves.
# Newer releases within requirements.txt: make lock UPGRADE=--upgrade
lock: $(TOOLS)/.made
	$(TOOLS)/bin/uv pip compile $(LOCKING) $(UPGRADE) requirements.txt --output-file requirements.lock
	$(TOOLS)/bin/uv pip compile $(LOCKING) $(UPGRADE) --constraints requirements.lock requirements-dev.txt --output-file requirements-dev.lock

# Asks the public advisories about what is pinned. Needs the internet, so no test does it.
audit: $(TOOLS)/.made
	$(TOOLS)/bin/pip-audit --disable-pip --require-hashes --requirement requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vitrina needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements.lock
	$(PIP) --require-hashes -r requirements.lock
	touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

$(TOOLS)/.made: $(BIN)/python
	$(BIN)/python -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv pip-audit
	touch $@
