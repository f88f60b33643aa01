# `make demo` and `make test` are all a fresh machine needs; the rest is for every day.
.DEFAULT_GOAL := help
.PHONY: help setup demo serve test lint format slow hunt ci exports events clean
PYTHON := .venv/bin/python
WORKERS ?= 2

help:            ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup:           ## install what is missing: system packages, uv, Python 3.13, locked packages
	@infra/tools/bootstrap.sh

demo: setup      ## real documents through the whole stack on this machine, and what came out
	@$(PYTHON) -m infra.cli.main demo

serve: setup     ## the product on http://127.0.0.1:8000, state kept under .paydraft/; ctrl-C stops it
	@$(PYTHON) -m infra.cli.main serve

test: setup lint ## lint, types, and every test that takes seconds
	@$(PYTHON) -m pytest -m "not slow" -n $(WORKERS)

lint: setup      ## ruff, mypy, import contracts
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/mypy --no-error-summary
	@told=$$(.venv/bin/lint-imports 2>&1) || { echo "$$told"; exit 1; }

format: setup    ## let ruff put the code in order
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .

slow: setup      ## the tests that start the whole stack, kill it, or read many documents
	@$(PYTHON) -m pytest -m slow -n $(WORKERS) --dist worksteal

hunt: setup      ## the properties with examples of chance; what is found belongs into a test
	@PAYDRAFT_PROPERTIES=hunt $(PYTHON) -m pytest tests/properties -n $(WORKERS)

ci:              ## everything, as the build server runs it
	@.ci/run

exports: setup   ## requirements of the layers, from uv.lock
	@$(PYTHON) -m infra.tools.exports

events: setup    ## the published contracts, from the model
	@$(PYTHON) -m infra.tools.published_events

clean:           ## remove what setup and serve made in this folder
	rm -rf .venv .tools .paydraft .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis
