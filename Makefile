# Three commands to begin with: `make demo` (set up, then everything once on invented people), `make test` (all checks) and
# `make docs` (the pages as a site). `make help` lists every target in the order below, from the `##` after its name.
.DELETE_ON_ERROR:
.PHONY: help install demo test docs screenshots accuracy power benchmark pages mutants fuzz kills sequences audit dossier lock

PYTHON ?= python3
BIN := .venv/bin
HOME_OF_DEMO := murmuration-home
EVIDENCE ?= evidence
ENTRIES ?= entries.tsv
MINUTES ?= 60
SECONDS ?= 60

help: ## list the targets, in the order in which a newcomer needs them
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

install: .venv/.installed ## set up .venv/ from requirements.lock, hashes checked

.venv/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	@# pip would compile on one core only; like pip, this passes over what a package has that is no Python
	@$(BIN)/python -m compileall -qq -j 0 .venv/lib || true
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: install ## set up and run everything once on invented people (home: murmuration-home; 1 minute after set-up)
	$(BIN)/murmuration --home $(HOME_OF_DEMO) demo --no-dashboard
	@echo "Now look at it: $(BIN)/murmuration dashboard"

test: install ## set up and run all checks: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	OPENBLAS_NUM_THREADS=1 $(BIN)/pytest

docs: install ## build the pages as a site in build/docs, offline; a broken link is an error
	$(BIN)/sphinx-build -W --keep-going --quiet -c docs . build/docs
	@echo "Now look at it: build/docs/index.html"

screenshots: demo ## make every picture in the docs from the demo; needs Chromium on the path
	$(BIN)/python docs/screenshots.py $(HOME_OF_DEMO)

accuracy: install ## measure how far figures are from the truth, plain and modelled (ENTRIES: openESM 0018, if you have it)
	$(BIN)/python -m benchmarks.accuracy
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.modelled --processes 2 --entries $(ENTRIES)

power: install ## measure how soon each candidate definition of a pattern finds a rhythm or a factor (10 minutes)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.power

benchmark: install ## measure time and memory at 10 million rows, and of erasing 1,000 people from them
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python -m benchmarks.erasure

pages: demo ## measure the dashboard's pages in a browser, of the demo and of 104 weeks x 40 regions; needs Chromium
	$(BIN)/python -m benchmarks.pages $(HOME_OF_DEMO)/published
	$(BIN)/python -m benchmarks.pages --large --parts open switch memory

mutants: install ## plant known faults one by one; a test must catch each
	$(BIN)/python -m tests.mutants

fuzz: install ## try damaged files on every reader, for SECONDS each (default 60)
	test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . "atheris==3.0.0"
	.venv-fuzz/bin/python benchmarks/fuzz_readers.py --seconds $(SECONDS)

kills: install ## send a SIGKILL before every write of every command (about 15 minutes)
	$(BIN)/python -m benchmarks.kills

sequences: install ## run two homes that differ in one person through sequences of commands (MINUTES=60; at least 2,000)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.sequences --minutes $(MINUTES)

audit: install ## audit the privacy guarantee by experiment (half an hour on two cores); writes EVIDENCE (default: evidence)
	OPENBLAS_NUM_THREADS=1 $(BIN)/murmuration audit --out $(EVIDENCE)

dossier: install ## write the generated parts of docs/; with an audit's evidence in EVIDENCE, its table too
	$(BIN)/python -m tests.support.regenerate_dossier $(wildcard $(EVIDENCE)/evidence.json)

lock: ## resolve requirements.lock again (names, versions, markers, hashes; no URL)
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-header -o requirements.lock
	rm -r .venv-lock
