.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
STACK := $(PYTHON) -m deploy.local
# Containers like to forbid bytecode. Here processes of the same code start by the hundred, and
# compiling it again is half of a start.
export PYTHONDONTWRITEBYTECODE :=

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make the environments in .venv and .local, where something changed
	@sh deploy/local/setup.sh

check: fmt-check lint types imports test-fast ## What has to pass before a commit: seconds, no servers

fmt: setup ## Format, and fix what can be fixed
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

fmt-check: setup
	.venv/bin/ruff format --check .

lint: setup ## Style
	.venv/bin/ruff check .

types: setup ## mypy, strict
	.venv/bin/mypy

imports: setup ## Who may import whom
	.venv/bin/lint-imports

test-fast: setup ## Unit and contract tests only
	$(PYTHON) -m pytest -q -n auto --dist worksteal tests/unit tests/contracts

test: setup browser ## Every test; those that need servers start their own
	@sh deploy/local/web.sh check
	$(PYTHON) -m pytest -n auto --dist worksteal tests/unit tests/contracts
	$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/e2e tests/integration

web: setup ## Build the web UI, where something changed
	@sh deploy/local/web.sh

web-check: setup ## The web UI's types, style and unit tests
	@sh deploy/local/web.sh check

browser: setup ## The browser that the end-to-end tests drive
	@sh deploy/local/browser.sh

screenshots: setup browser web ## Take the pictures of docs/screenshots again
	$(PYTHON) -m tests.e2e.screenshots

contracts: setup ## Write the event schemas, AsyncAPI, OpenAPI and the configuration again
	$(PYTHON) -m tests.contracts.write

closures: setup ## Install each service alone, as its image does, and start it
	$(PYTHON) -m pytest -q tests/e2e/test_closures.py

k8s-render: ## Print an overlay: make k8s-render o=production
	@kubectl kustomize deploy/k8s/overlays/$(or $(o),production)

k8s-validate: setup ## Hold every overlay to strict schemas
	$(PYTHON) -m pytest -q tests/contracts/test_kubernetes.py

demo: setup ## A batch from titles to audio, on this machine
	$(PYTHON) -m deploy.local.demo

bench: setup ## Everything that has a target, in one table: under 20 minutes
	$(PYTHON) -m bench everything

chaos: setup ## Batches while everything is killed, restarted and failing: nothing lost, nothing paid twice
	$(PYTHON) -m bench chaos

# Without a registry there is no web UI; that is no reason not to start the services.
up: setup ## Start the servers and the services
	-@sh deploy/local/web.sh
	@$(STACK) up

run: setup ## The same in the foreground: Ctrl-C stops everything
	-@sh deploy/local/web.sh
	@$(STACK) run

down: setup ## Stop them; their data stays
	@$(STACK) down

status: setup ## Show what runs, and where
	@$(STACK) status

logs: setup ## Show the logs: make logs, or make logs s=narrator
	@$(STACK) logs $(s)

restart: setup ## Restart one service: make restart s=narrator
	@$(STACK) restart $(s)

servers-lock: setup ## Pin the local servers anew
	cd deploy/local && for each in servers uv; do \
	  ../../.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header \
	    --no-annotate --python-version 3.11 requirements-$$each.txt -o requirements-$$each.lock; \
	done

.PHONY: help setup check closures k8s-render k8s-validate fmt fmt-check lint types imports test-fast test web web-check browser \
  screenshots contracts demo bench chaos \
  up run down status logs restart servers-lock
