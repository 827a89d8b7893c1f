.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON := .venv/bin/python
DEV := .venv/.ready
EMULATOR := .venv-emulator/.ready
SAM := .venv-sam/.ready
LAMBDA := .venv-lambda/.ready
BOTOCORES := .venv-old-botocore/.ready .venv-new-botocore/.ready
BENCH := .venv-bench/.ready
STATIC := functions/web/static/vendor/pico.min.css
PACKED := functions/web/packed/.ready
SERVED := $(shell find functions/web/static -type f -not -path '*/vendor/*')
CATALOGUES := $(wildcard layers/common/starbid/locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
SAM_CLI := SAM_CLI_TELEMETRY=0 .venv-sam/bin/python -m samcli

# For example `make test PYTEST="tests/unit -k proxy"`. The coverage limit applies to the whole suite only.
PYTEST ?=

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- for every day ----------------------------------------------------------------------------------------------------

.PHONY: run
run: $(DEV) $(EMULATOR) $(PACKED) $(COMPILED) ## start everything on this machine: http://127.0.0.1:8000 (PORT, DATA_DIR, DEMO=0)
	@exec $(PYTHON) -m local

# Bytecode is always kept: the tests start many processes, and none should compile everything again.
# Slow tests (e2e, integration) start first, so that no process is left with a long file at the end. There is one
# process more than cores, because those in e2e mostly wait.
.PHONY: test
test: $(DEV) $(EMULATOR) $(BOTOCORES) $(PACKED) $(COMPILED) ## run all tests, print the coverage (PYTEST="tests/unit -k name" for some)
	@CHROMIUM="$$(scripts/ensure-chromium)" || [ -z "$${CI:-}" ] || exit 1; \
	export CHROMIUM PYTHONPYCACHEPREFIX="$(CURDIR)/.venv/bytecode" PYTHONDONTWRITEBYTECODE=; \
	if [ -n "$(PYTEST)" ]; then exec $(PYTHON) -m pytest $(PYTEST); fi; \
	exec $(PYTHON) -m pytest -n "$$(($$(getconf _NPROCESSORS_ONLN) + 1))" --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder --cov --cov-report term

.PHONY: test-pythons
test-pythons: $(DEV) $(STATIC) $(COMPILED) ## run the unit tests with the oldest Python we support, import them with the others
	@exec scripts/test-pythons

.PHONY: check
check: lint test ## what CI runs: lint and test

.PHONY: lint
lint: $(DEV) validate ## formatting, rules, types, import contract, template
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

.PHONY: validate
validate: $(SAM)
	@$(SAM_CLI) validate --lint --region eu-central-1

.PHONY: format
format: $(DEV) ## format the code
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

.PHONY: sam-test
sam-test: $(DEV) $(EMULATOR) $(SAM) validate build ## run the built functions with `sam local` and check the results
	@exec scripts/sam-test

.PHONY: soak
soak: $(DEV) $(EMULATOR) $(COMPILED) ## random steps while AWS and Telegram fail at any call, then many people at once (STEPS=, SEED=)
	@exec $(PYTHON) -m tests.soak $(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED))

.PHONY: crowd
crowd: $(DEV) $(EMULATOR) $(STATIC) $(COMPILED) ## let 64 people bid at once on the local run, count what they are told (PEOPLE=)
	@exec $(PYTHON) -m tests.e2e.crowd $(if $(PEOPLE),--people $(PEOPLE))

.PHONY: verify
verify: $(DEV) ## check the log of a lot: make verify LOG=file (HEAD='kept link')
	@exec $(PYTHON) -m scripts.verify_log "$(LOG)" "$(HEAD)"

.PHONY: bench
bench: $(DEV) $(EMULATOR) $(BENCH) build ## measure round trips, cold starts, warm requests, packages, growth
	@CHROMIUM="$$(scripts/ensure-chromium)" exec $(PYTHON) -m bench

.PHONY: screenshots
screenshots: $(DEV) ## take the pictures of docs/screenshots of a running `make run` (SITE= its address)
	@CHROMIUM="$$(scripts/ensure-chromium)" exec $(PYTHON) -m scripts.screenshots $(if $(SITE),--site $(SITE))

# --- for AWS ----------------------------------------------------------------------------------------------------------

.PHONY: build
build: $(DEV) $(SAM) $(PACKED) $(COMPILED) ## build the layer and the functions into .aws-sam/
	@scripts/find-python 3.13 >/dev/null 2>&1 || \
		echo "No Python 3.13 here: the build will hold no bytecode, and cold starts take more than twice the time." >&2
	@$(SAM_CLI) build

.PHONY: deploy
deploy: build ## build and deploy (ARGS=--guided the first time)
	@$(SAM_CLI) deploy $(ARGS)

.PHONY: deploy-check
deploy-check: $(DEV) $(EMULATOR) $(SAM) $(STATIC) $(COMPILED) ## deploy to an emulator that enforces IAM, and test it there
	@exec $(PYTHON) -m scripts.deploy_check $(ARGS)

.PHONY: alarms
alarms: $(DEV) ## which alarm reports which fault, and after how many minutes
	@$(PYTHON) -m scripts.alarms

.PHONY: preflight
preflight: $(DEV) ## what the AWS account allows: concurrency, reserved and Telegram's; which secrets are stored
	@exec $(PYTHON) -m scripts.preflight $(ARGS)

.PHONY: secrets
secrets: $(DEV) ## write the secrets to SSM Parameter Store, before the first deployment
	@exec $(PYTHON) -m scripts.put_secrets $(ARGS)

.PHONY: vapid
vapid: $(DEV) ## make the two keys of notices in browsers (web push): VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY
	@$(PYTHON) -m scripts.vapid

.PHONY: webhook
webhook: $(DEV) $(COMPILED) ## tell Telegram of the deployed bot, and check it (ARGS=--check changes nothing, --rotate the secret)
	@exec $(PYTHON) -m scripts.webhook $(ARGS)

.PHONY: rollups
rollups: $(DEV) ## count the figures of the dashboard again from the event log (ARGS="--from 2026-11-01 --to 2026-11-30")
	@exec $(PYTHON) -m scripts.rollups $(ARGS)

# --- upkeep -----------------------------------------------------------------------------------------------------------

.PHONY: lock
lock: $(DEV) ## update the lock files from pyproject.toml and package.json (UPGRADE=--upgrade for newer versions)
	@scripts/lock $(UPGRADE)

.PHONY: clean
clean: ## remove everything that make made, except the data of the local run
	@rm -rf .venv .venv-emulator .venv-sam .venv-lambda .venv-*-botocore .venv-3.* .venv-bench node_modules functions/web/static/vendor functions/web/packed .aws-sam $(COMPILED)
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.*
	@find functions layers local scripts tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --- environments: each is brought up to date when its lock file changes ----------------------------------------------

$(DEV): requirements/installer.txt requirements/dev.txt scripts/make-env
	@scripts/make-env .venv requirements/dev.txt
	@touch $@

.venv-3.%/.ready: requirements/dev.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-3.$* requirements/dev.txt 3.$*
	@touch $@

.PHONY: .venv-3.11 .venv-3.12 .venv-3.13 .venv-3.14
.venv-3.11 .venv-3.12 .venv-3.13 .venv-3.14: .venv-3.%: .venv-3.%/.ready

$(EMULATOR): requirements/emulator.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-emulator requirements/emulator.txt
	@touch $@

$(SAM): requirements/sam.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-sam requirements/sam.txt
	@touch $@

$(LAMBDA): requirements/lambda.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-lambda requirements/lambda.txt
	@touch $@

$(BOTOCORES): .venv-%/.ready: requirements/%.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-$* requirements/$*.txt
	@touch $@

$(BENCH): requirements/bench.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-bench requirements/bench.txt
	@touch $@

node_modules/.ready: package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed for the front-end files: install Node.js 18 or newer" >&2; exit 1; }
	@echo "Fetching the front-end files"
	@npm ci --ignore-scripts --silent
	@touch $@

$(STATIC): node_modules/.ready scripts/build_static.py | $(DEV)
	@$(PYTHON) -m scripts.build_static

$(PACKED): $(STATIC) $(SERVED) functions/web/shared/style_sheets.py scripts/pack_static.py scripts/brotli.mjs | $(DEV)
	@$(PYTHON) -m scripts.pack_static
	@touch $@

%.mo: %.po | $(DEV)
	@$(PYTHON) -m scripts.compile_catalogues

.PHONY: .venv .venv-emulator .venv-sam .venv-lambda .venv-bench static catalogues
.venv: $(DEV)
.venv-emulator: $(EMULATOR)
.venv-sam: $(SAM)
.venv-lambda: $(LAMBDA)
.venv-bench: $(BENCH)
static: $(PACKED)
catalogues: $(COMPILED)
