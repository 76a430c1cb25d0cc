# Opsgauge. Needs Python 3.11 or later and make; each target prepares .venv from the lock by itself.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
UV := $(VENV)/bin/uv
READY := $(VENV)/.ready
DEMO := demo
ON_BOTH := -n 2 --dist loadfile --no-loadscope-reorder  # in the order of tests/conftest.py
ONLY :=  # what else pytest is told, such as --ignore=tests/house

.PHONY: demo test test-elsewhere check format docs bench look clean

demo: $(READY)  ## invent a desk, import it, and serve its pages on http://127.0.0.1:8787
	@$(RUN)/opsgauge demo --workspace $(DEMO)

test: $(READY) chromium  ## every test, doctests and browser journeys included
	$(RUN)/pytest $(ON_BOTH) $(ONLY)

test-elsewhere:  ## every test, on a machine in another time zone
	TZ=America/New_York $(MAKE) test

check: $(READY)  ## format, lint, types, floors, house tests
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy --num-workers 2
	$(RUN)/lint-imports
	$(RUN)/pytest -q $(ON_BOTH) tests/house

format: $(READY)  ## mend what can be mended by a program
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

docs: $(READY)  ## write docs/reference from the code
	$(RUN)/python docs/make_reference.py

look: $(READY) chromium  ## a picture of every page in ./pictures; exits 1 on what is amiss
	$(RUN)/python -m tests.journeys.look

bench: $(READY)  ## measure beside the peers; exits 1 on a missed bound
	UV_COMPILE_BYTECODE=1 $(UV) sync --quiet --locked --all-extras --group dev --group bench
	$(RUN)/python -m bench

$(READY): uv.lock pyproject.toml
	@echo "Preparing $(VENV): the first time this takes a few minutes."
	test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(UV) || $(RUN)/python -m pip install --quiet 'uv>=0.9,<1'
	UV_COMPILE_BYTECODE=1 $(UV) sync --quiet --locked --inexact --all-extras --group dev
	touch $(READY)

.PHONY: chromium
chromium:  ## the browser of the journeys, from the system's packages
	@command -v chromium >/dev/null || { \
		echo "Chromium is needed for the browser journeys; installing it with apt."; \
		SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$SUDO apt-get update -qq && $$SUDO apt-get install -qq -y chromium; }

clean:
	rm -rf $(VENV) $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis
