# Everything a developer or an office does with this program. `make help` lists it.
# Needs only git, make and Python 3.11 or newer with venv; the rest is fetched into .venv.

PYTHON ?= python3
ARGS   ?=

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
WORDS  := queue_server/shared/words
OURS   := queue_server display kiosk printer

export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

.PHONY: help install run test crash soak bench pictures lint format words lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(VENV)/.words ## fetch everything the program needs into .venv

run: $(VENV)/.words ## start the server with ./config.toml; its address is printed
	@exec $(BIN)/queue-server run $(ARGS)

test: $(VENV)/.dev $(VENV)/.words ## run all tests; ARGS="-k kiosk" for some
	@.ci/peers $(BIN)/python >/dev/null
	@.ci/voice >/dev/null
	@reason=$$(.ci/chromium) && QUEUE_NO_BROWSER="$$reason" $(BIN)/python -m pytest $(ARGS)

crash: $(VENV)/.dev $(VENV)/.words ## kill the server 200 times under load, and 1,000 random days of a printer
	@CRASH_ROUNDS=$${CRASH_ROUNDS:-200} $(BIN)/python -m pytest -s tests/crash $(ARGS)
	@PRINTER_ROUNDS=$${PRINTER_ROUNDS:-1000} $(BIN)/python -m tests.crash.printer_faults

soak: $(VENV)/.dev $(VENV)/.words ## let one wall page hear 50,000 calls and weigh it
	@SOAK_CALLS=$${SOAK_CALLS:-50000} $(BIN)/python -m pytest -s tests/browser/test_soak.py $(ARGS)

bench: $(VENV)/.dev $(VENV)/.words ## measure calls and tickets beside their floors
	@$(BIN)/python -m tests.bench

pictures: $(VENV)/.dev $(VENV)/.words ## take the README's pictures from a running office
	@$(BIN)/python -m tests.browser.take_pictures

lint: $(VENV)/.dev $(VENV)/.words ## check format, style and types; changes nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(VENV)/.dev ## put the code in the agreed format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

words: $(VENV)/.words ## collect new texts into the catalogues, ready to be translated
	@$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext -k _l -k say:2 -k say_number:2,3 --add-location=file --sort-by-file \
	    --project=queue-server -o $(WORDS)/messages.pot $(OURS)
	@$(BIN)/pybabel -q update -i $(WORDS)/messages.pot -d $(WORDS) -D messages \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@echo "The catalogues in $(WORDS) are up to date; untranslated texts have an empty msgstr."

lock: $(VENV)/.made ## pin the newest allowed versions of all packages
	@.ci/lock $(BIN)/python

clean: ## remove what the build made; the office's data stays
	@rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@rm -rf queue_server/shared/static/vendor printer/fonts $(WORDS)/messages.pot
	@find $(OURS) tests -name __pycache__ -prune -exec rm -rf {} + ; find $(OURS) -name '*.mo' -delete

# --- Steps, each with a stamp, so that the second time costs nothing. One after the other: pip dislikes company.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Python 3.11 or newer is needed as '$(PYTHON)'; name another one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.packages: requirements/run.txt requirements/build.txt | $(VENV)/.made
	@echo "Installing packages (half a minute the first time)"
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	@touch $@

$(VENV)/.front-end: package.json package-lock.json hatch_build.py $(VENV)/.packages
	@$(BIN)/python hatch_build.py
	@touch $@

$(VENV)/.ours: pyproject.toml $(VENV)/.front-end
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.words: $(wildcard $(WORDS)/*/LC_MESSAGES/*.po) $(VENV)/.ours
	@$(BIN)/python hatch_build.py
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.ours
	@echo "Installing test tools"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
