# Everything a developer runs. Each target makes what it needs, from Python 3.11 or newer and nothing else.
#   make demo        make test ARGS="tests/plan -x"        make test PYTHON=/path/to/python3.12

VENV   ?= .venv
PYTHON ?=#            which Python makes the environment; empty: the newest that .ci/find-python likes
ARGS   ?=#            more arguments for the tool that a target runs

BIN      := $(VENV)/bin
PIP      := $(BIN)/python -m pip --disable-pip-version-check
UV       := uv==0.13.9
COMPILE  := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
            --no-header --no-annotate --no-emit-index-url --quiet

# Stamps: the environment itself, what assetgen needs to run, what working on it needs.
ENVIRONMENT := $(VENV)/.made
RUNTIME     := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
SYSTEM      := $(VENV)/.system-packages

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint format bench schemas docs lock clean
.DELETE_ON_ERROR:

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: $(RUNTIME) ## Build manifests/app.yaml with the embedded provider: no key, no network, no cost
	@$(BIN)/assetgen build manifests/app.yaml --provider draft $(ARGS)
	@echo "Look at the $$(find output/app -type f | wc -l | tr -d ' ') files in $(CURDIR)/output/app"

test: $(DEVELOPMENT) $(SYSTEM) ## Run the tests, without the long sweeps
	$(BIN)/pytest $(ARGS)

test-all: $(DEVELOPMENT) $(SYSTEM) ## Run all tests, with the long sweeps
	$(BIN)/pytest -m '' $(ARGS)

lint: $(DEVELOPMENT) ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(DEVELOPMENT) ## Put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(DEVELOPMENT) ## Measure speed and memory, as ratios within one run
	$(BIN)/python -m benchmarks $(ARGS)

schemas: $(RUNTIME) ## Write the JSON Schemas anew from the models
	@mkdir -p schemas
	@for kind in manifest lock; do \
	    $(BIN)/assetgen schema $$kind > schemas/$$kind.new && mv schemas/$$kind.new schemas/$$kind.schema.json \
	        || { rm -f schemas/$$kind.new; exit 1; }; \
	done

docs: $(RUNTIME) ## Write the reference pages anew that are made from the code
	@$(BIN)/python -c 'from assetgen.manifest.reference import reference_text; print(reference_text(), end="")' \
	    > docs/reference/manifest.md.new && mv docs/reference/manifest.md.new docs/reference/manifest.md
	@$(BIN)/python -c 'from assetgen.catalog import CATALOG; from assetgen.report.model_page import page_text; \
	    print(page_text(CATALOG.models), end="")' \
	    > docs/reference/models.md.new && mv docs/reference/models.md.new docs/reference/models.md

lock: $(ENVIRONMENT) ## Pin the requirements anew from pyproject.toml (ARGS=--upgrade for the newest)
	$(PIP) install --quiet $(UV)
	$(COMPILE) --output-file .ci/requirements.txt $(ARGS) > /dev/null
	$(COMPILE) --extra dev --constraint .ci/requirements.txt --output-file .ci/requirements-dev.txt $(ARGS) > /dev/null

clean: ## Remove the environment, caches and built files; keep .assetgen, where paid pictures are
	rm -rf $(VENV) output build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name .assetgen -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

$(ENVIRONMENT):
	@python=$$(.ci/find-python $(PYTHON)) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	@touch $@

# Editable in the old way, with a plain path file: the newer import hook would cost every start of Python 8 ms.
$(RUNTIME): $(ENVIRONMENT) .ci/requirements.txt pyproject.toml
	@echo "Installing what assetgen needs"
	@$(PIP) install --quiet --require-hashes --requirement .ci/requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME) .ci/requirements-dev.txt
	@echo "Installing what working on assetgen needs"
	@$(PIP) install --quiet --require-hashes --requirement .ci/requirements-dev.txt
	@touch $@

$(SYSTEM): $(ENVIRONMENT) .ci/system-packages
	@.ci/system-packages
	@touch $@
