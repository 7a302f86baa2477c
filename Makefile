.DEFAULT_GOAL := help
.PHONY: help install report test check theorem theorem-mutants bench bench-peers clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
JOBS   ?= auto

help: ## Say what there is to make
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@echo "Setting up a virtual environment in $(VENV), with the versions pinned in constraints.txt (some minutes the first time) ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "cnnbp needs Python 3.11 or later, got " + sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	@if [ -L $(VENV) ]; then echo "$(VENV) is a link, and what it leads to would be emptied: remove the link first" >&2; exit 1; fi
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

install: $(READY) ## Set up the virtual environment, and nothing else

report: $(READY) ## Check the derivation: reports/index.html and reports/evidence.json (VERIFY=--twins: for machines too)
	@$(BIN)/cnnbp verify --out reports $(VERIFY)

test: export PYTHONDONTWRITEBYTECODE =# without its bytecode each process would rewrite all assertions, for seconds
test: $(READY) ## Run the test suite on all cores; FAST=1 leaves out what is slow
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(if $(FAST),-m "not slow")

check: $(READY) ## Lint and type-check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

theorem: $(READY) ## Check the theorems with Rocq (apt-get install coq), for the source as it stands
	@$(BIN)/python -m cnnbp.proof.rocq

theorem-mutants: $(READY) ## Change the source in every small way: the theorems must refuse each (some minutes)
	@$(BIN)/python -m tests.proof.rocq.refusals

bench: $(READY) ## Measure against PyTorch and gradcheck, as ratios in the same run
	@$(BIN)/python -m tests.bench

bench-peers: $(READY) ## Put the catalogue of wrong layers to other gradient checkers, beside cnnbp.verify (some minutes; PEERS=--keep: for the page)
	@$(BIN)/python -m tests.bench.peers $(PEERS)

clean: ## Remove what was made, the virtual environment included
	find cnnbp tests -name __pycache__ -prune -exec rm -rf {} +
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis $(addprefix reports/,index.html evidence.json summary.md junit.xml ctrf.json badge.svg attestation.json)
