# The two commands a newcomer needs: make demo, make test. Each installs what it needs.
PYTHON ?= python3
PORT ?= 8000
LOCAL = $(PYTHON) -m deploy.local

.PHONY: help demo test quick check audit fresh bench bench-search services stop status install migrations requirements

help: ## List these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

demo: ## The whole portal on http://127.0.0.1:8000, with a demo region (PORT=8001 to move it, REGION=bretagne for another)
	@$(LOCAL) demo --port $(PORT)

test: ## Lint, types, contracts, then the whole suite on services of its own (ARGS="-k basket" to choose; AT="+39 days"; SEED=7)
	@$(LOCAL) test $(if $(AT),--at "$(AT)") $(if $(SEED),--seed $(SEED)) $(ARGS)

quick: ## Lint, types, contracts and the tests that need no service, browser or other process: two minutes
	@$(LOCAL) quick $(if $(SEED),--seed $(SEED)) $(ARGS)

check: ## Lint of Python, templates, style sheets and scripts, types and contracts alone
	@$(LOCAL) check

audit: ## Every page by axe, the keyboard, the HTML checker, Lighthouse and a crawl (SITE=http://… for one that runs)
	@$(LOCAL) audit --port $(PORT) $(if $(SITE),--site $(SITE)) $(ARGS)

fresh: ## Both commands of README.md on bare Debians 12 and 13, as root (RELEASE=trixie for one, KEEP=1 to go on from it)
	@$(PYTHON) -m tests.fresh $(if $(RELEASE),--release $(RELEASE)) $(if $(KEEP),--keep) $(if $(WITH),--with "$(WITH)") $(ARGS)

bench: install ## CPU time, SQL queries, memory and start (PEERS=folder of stock Wagtail and Oscar, to compare)
	@.venv/bin/python -m tests.bench $(if $(PEERS),--peers $(PEERS)) $(ARGS)

bench-search: install ## Searches on 50,000 merchants, beside Elasticsearch alone and PostgreSQL (ARGS=--full: 1,000,000 products)
	@.venv/bin/python -m tests.bench_search $(ARGS)

services: ## Start PostgreSQL and Elasticsearch, and leave them running
	@$(LOCAL) start

stop: ## Stop them
	@$(LOCAL) stop

status: ## What runs where
	@$(LOCAL) status

install: ## .venv, with the tools of development
	@$(LOCAL) install

migrations: install ## Write the migrations that the models ask for
	@.venv/bin/python manage.py makemigrations

requirements: ## Pin requirements*.txt again, with hashes, from requirements*.in (needs uv)
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header requirements.in --output-file requirements.txt
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header requirements-dev.in --output-file requirements-dev.txt
