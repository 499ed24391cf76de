# TwoComms. `make` alone prints what there is.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT
# Texts are UTF-8 whatever the locale of the machine says.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run test check rebuild watch migrate seed pictures fonts stress bench bench-site bench-api bench-images \
        e2e check-site services services-stop locks venv dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

venv: # the runtime packages
	@$(PYTHON) deploy/setup_venv.py runtime

dev: # runtime and development packages
	@$(PYTHON) deploy/setup_venv.py dev

run: venv ## the shop on PORT=8000, from a bare machine: database, catalogue, pictures, site, then everything served
	@exec $(BIN)/python -m commerce_api.launch

test: dev ## the whole test suite; installs PostgreSQL, Redis, nginx and Chromium where it can
	@$(BIN)/python deploy/services.py install
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: dev ## format, lint, types, floors and house tests, under 30 s
	@$(BIN)/python deploy/check.py

rebuild: venv ## import content/catalog, build and publish the whole site; FORCE=1 ignores what is unchanged
	@$(BIN)/python -m commerce_api.cli catalog import
	@$(BIN)/python -m commerce_api.cli site build $(if $(FORCE),--force)

watch: venv ## rebuild what changes in content/, themes/ and the database
	@exec $(BIN)/python -m commerce_api.cli site watch

migrate: venv ## bring the database schema to the newest
	@$(BIN)/python -m commerce_api.cli db migrate

seed: venv ## demo catalogue, accounts and orders
	@$(BIN)/python -m commerce_api.cli demo seed

pictures: dev ## redraw the product masters that are missing; FORCE=1 redraws all that were drawn
	@$(BIN)/python -m sitegen.garments $(if $(FORCE),--force)

fonts: dev ## remake the subset fonts (needs npm)
	@$(BIN)/python themes/twocomms/fonts/make.py

stress: dev ## the long set: races and crash points
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "stress or not stress" tests

bench: bench-site bench-api ## all benchmarks; figures go into docs/quality.md

bench-site: dev ## the site build against Hugo, one price change, nothing changed
	@$(BIN)/python -m bench.site

bench-api: dev ## orders a second against plain SQL floors
	@$(BIN)/python -m bench.api

bench-images: dev ## encoding the product pictures
	@$(BIN)/python -m bench.images

e2e: dev ## browser stories
	@$(BIN)/python deploy/services.py install
	@$(BIN)/python -m pytest tests/e2e

check-site: venv ## every built page: links, pictures, budgets
	@$(BIN)/python -m commerce_api.cli site check

services: dev ## PostgreSQL, Redis and nginx on loopback
	@$(BIN)/python deploy/services.py start

services-stop: dev ## stop them
	@$(BIN)/python deploy/services.py stop

locks: dev # pin the newest versions that pyproject.toml allows, with hashes
	@$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements.lock
	@$(BIN)/uv pip compile -q pyproject.toml --extra dev --extra bench --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements.lock -o requirements-dev.lock
