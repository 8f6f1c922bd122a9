# `make demo` tries Morgue on the sample articles; `make test` runs the whole test suite.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo-archive

.PHONY: demo test check wheel lowest newest pictures clean

demo: $(VENV)/.installed
	@$(BIN)/morgue --archive $(DEMO) add seeds/articles
	@echo
	@$(BIN)/morgue --archive $(DEMO) search "sanctions threats"
	@echo
	@echo "Open the terminal UI:    $(BIN)/morgue --archive $(DEMO)"
	@echo "Your own articles:       $(BIN)/morgue --archive my-archive add PATH/TO/FOLDER"

test: $(VENV)/.dev
	$(BIN)/pytest --numprocesses logical --dist worksteal

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wheel: $(VENV)/.dev
	$(BIN)/pytest -m wheel

# The suite's quick part in a new environment of the lowest versions that are allowed, or of the newest.
lowest newest:
	$(PYTHON) tests/environments.py $@

pictures: $(VENV)/.dev
	$(BIN)/python docs/pictures.py

clean:
	rm -rf $(VENV) $(DEMO) dist .cache

# torch comes first and pinned: a looser torch pulls gigabytes of GPU packages.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Morgue needs Python 3.11 or newer; run make with PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^torch==' constraints.txt)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@
