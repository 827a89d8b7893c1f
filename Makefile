.DEFAULT_GOAL := help
SHELL := /bin/sh

DEV := .venv/.ready
EMULATOR := .venv-emulator/.ready
SAM := .venv-sam/.ready

# --- environments: each is remade when its lock file changes ----------------------------------------------------------

$(DEV): requirements/installer.txt requirements/dev.txt scripts/make-env
	@scripts/make-env .venv requirements/dev.txt
	@touch $@

$(EMULATOR): requirements/emulator.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-emulator requirements/emulator.txt
	@touch $@

$(SAM): requirements/sam.txt scripts/make-env | $(DEV)
	@scripts/make-env .venv-sam requirements/sam.txt
	@touch $@

.PHONY: .venv .venv-emulator .venv-sam
.venv: $(DEV)
.venv-emulator: $(EMULATOR)
.venv-sam: $(SAM)
