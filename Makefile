# TwoComms. `make` alone prints what there is.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT
# Texts are UTF-8 whatever the locale of the machine says.
export PYTHONUTF8 := 1
# What Python compiled is kept, whatever the machine says: else each of the processes of a shop, and of the hundreds that
# the tests start, compiles all it imports anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: sandbox help run test check rebuild watch migrate seed pictures icons fonts stress bench bench-site bench-api bench-outside bench-images \
        story e2e check-site grade shots tools services services-stop locks venv dev

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
	@$(BIN)/python deploy/side_venvs.py
	-@$(BIN)/python -m bench.grade.tools
	@$(BIN)/python -m pytest -n 2

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

sandbox: venv ## only the stand-ins of the outside services, on PORT+1
	@exec $(BIN)/python -m commerce_api.cli sandbox serve

pictures: dev ## redraw the product masters that are missing; FORCE=1 redraws all that were drawn
	@$(BIN)/python -m sitegen.garments $(if $(FORCE),--force)

icons: venv ## redraw favicons, app icons and the shop's sharing cards
	@$(BIN)/python -m sitegen.icons

fonts: dev ## remake the subset fonts (needs npm)
	@$(BIN)/python themes/twocomms/fonts/make.py

story: venv ## live the main stories against the sandbox of a running shop, printing each link to click
	@$(BIN)/python -m sandbox.story --shop http://localhost:$(PORT) --sandbox http://localhost:$$(($(PORT) + 1))

stress: dev ## the long set: races, kill -9, fuzzing; figures go into docs/quality.md
	@$(BIN)/python deploy/services.py install
	@$(BIN)/python -m tests.stress
	@$(BIN)/python -m pytest -n 2 -m stress tests

bench: bench-site bench-api bench-outside bench-images ## all benchmarks; figures go into docs/quality.md

bench-site: dev ## the site build against Hugo, one price change, nothing changed
	@$(BIN)/python -m bench.site

bench-api: dev ## orders a second against plain SQL floors
	@$(BIN)/python -m bench.api

bench-outside: dev ## checkouts while the services outside are there, away, or hanging
	@$(BIN)/python -m bench.outside

bench-images: dev ## encoding the product pictures
	@$(BIN)/python -m bench.images

e2e: dev ## browser stories, in Chromium and in Firefox
	@$(BIN)/python deploy/services.py install
	@$(BIN)/python deploy/services.py install firefox-esr
	@$(BIN)/python -m pytest tests/e2e

check-site: tools ## every built page: links, HTML, structured data, feeds, sitemap, sizes
	@$(BIN)/python -m commerce_api.cli site check

grade: tools ## pages as phones, screen readers and search engines see them; figures go into docs/quality.md
	@$(BIN)/python deploy/services.py install nginx chromium
	@$(BIN)/python -m bench.grade $(GRADE)

shots: dev ## pictures of every page type at three widths, light and dark, for people to look at
	@$(BIN)/python deploy/services.py install nginx chromium
	@$(BIN)/python -m bench.grade.shots

tools: dev # what only npm has: Lighthouse, the Nu checker, the Observatory; needs Java to run
	@$(BIN)/python -m bench.grade.tools

services: dev ## PostgreSQL, Redis and nginx on loopback
	@$(BIN)/python deploy/services.py start

services-stop: dev ## stop them
	@$(BIN)/python deploy/services.py stop

locks: dev # pin the newest versions that pyproject.toml allows, with hashes
	@$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements.lock
	@$(BIN)/uv pip compile -q pyproject.toml --extra dev --extra bench --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements.lock -o requirements-dev.lock
	@echo 'moto[server]' | $(BIN)/uv pip compile -q - --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements-moto.lock
	@printf '%s\n' aiogram aiomonobnk novaposhta-python-client py-mono-bank-pay 'pyjwt[crypto]' requests-oauthlib | $(BIN)/uv pip compile -q - --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements-clients.lock
