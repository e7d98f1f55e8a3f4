# Two commands: `make demo` (set up, then the whole way on an invented population) and `make test`.
.DELETE_ON_ERROR:
.PHONY: help install demo test mutants kills audit dossier sequences lock fuzz benchmark accuracy

PYTHON ?= python3
BIN := .venv/bin

help:
	@echo "make demo   set up and run the whole way on an invented population (home: murmuration-home)"
	@echo "make test   set up and hold the code to all checks: format, lint, types, import contracts, tests"
	@echo "make mutants  plant known faults one by one; each must be caught by a test"
	@echo "make kills  a SIGKILL before every write of every command (about 15 minutes)"
	@echo "make audit  audit the privacy guarantee by experiment (about half an hour on two cores); the evidence goes to EVIDENCE (default: evidence)"
	@echo "make dossier  write the generated parts of docs/ (notice, odds); with the evidence of an audit in EVIDENCE, its table too"
	@echo "make sequences  two homes that differ in one person, through sequences of commands (MINUTES=60; at least 2,000 sequences)"
	@echo "make fuzz   guided fuzzing of every reader, SECONDS of it each (default 60)"
	@echo "make benchmark   what 10 million rows cost, beside plain Polars, and what erasing 1,000 people from them costs"
	@echo "make accuracy    how far figures are from the truth, beside other ways of working at the same privacy"
	@echo "make lock   resolve requirements.lock anew (names, versions, markers, hashes; no URL)"

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: install
	$(BIN)/murmuration --home murmuration-home demo --no-dashboard
	@echo "Now look at it: $(BIN)/murmuration dashboard"

test: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	OPENBLAS_NUM_THREADS=1 $(BIN)/pytest

EVIDENCE ?= evidence

mutants: install
	$(BIN)/python -m tests.mutants

kills: install
	$(BIN)/python -m benchmarks.kills

audit: install
	OPENBLAS_NUM_THREADS=1 $(BIN)/murmuration audit --out $(EVIDENCE)

dossier: install
	$(BIN)/python -m tests.support.regenerate_dossier $(wildcard $(EVIDENCE)/evidence.json)

MINUTES ?= 60

sequences: install
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.sequences --minutes $(MINUTES)

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-header -o requirements.lock
	rm -r .venv-lock

SECONDS ?= 60

fuzz: install
	test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . "atheris==3.0.0"
	.venv-fuzz/bin/python benchmarks/fuzz_readers.py --seconds $(SECONDS)

benchmark: install
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python -m benchmarks.erasure

accuracy: install
	$(BIN)/python -m benchmarks.accuracy
