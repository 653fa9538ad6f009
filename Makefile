# Two commands on a fresh machine: `make demo` and `make test`. Both set up .venv first and are quick the second time.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
  BIN := .venv/Scripts
else
  BIN := .venv/bin
endif
SETUP := .venv/.ready
DEMO := demo-runs

.PHONY: demo test test-slow test-all lint bench clean

demo: $(SETUP)
	@rm -rf $(DEMO)
	$(BIN)/advisor train examples/deep-sigmoid.toml --run-dir $(DEMO) --name deep-sigmoid
	$(BIN)/advisor diagnose $(DEMO)/deep-sigmoid --fail-on never
	$(BIN)/advisor fix $(DEMO)/deep-sigmoid --apply use-relu --unsafe

test: $(SETUP)
	$(BIN)/python -m pytest -m "not slow" -n auto

test-slow: $(SETUP)
	$(BIN)/python -m pytest -m slow -n auto

test-all: test test-slow

lint: $(SETUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(SETUP)
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/charts.py
	$(BIN)/python benchmarks/recording.py

clean:
	rm -rf .venv $(DEMO)

$(SETUP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@$(BIN)/python -c "import pathlib; pathlib.Path('$(SETUP)').touch()"
