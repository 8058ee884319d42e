# The targets that people need; `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
FACTS := $(shell find facts -type f)
SOURCES := $(shell find ontology queries graph_builder -type f -not -name '*.pyc')

.DEFAULT_GOAL := help
.PHONY: help reference graph test lint check criteria site bench bench-peers bench-full screenshots reconcile-eval sssom lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

graph: dist/index.html ## Set up, build the graph and its pages in dist/

test: .venv/dev .venv/compiled ## Set up, and run every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: .venv/dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: graph ## Check the built graph: shapes, sources, adjudications
	$(BIN)/pacts check

criteria: graph ## Score the data by the rules of the LOD Cloud, five stars and FAIR
	@$(BIN)/python -m graph_builder.criteria

bench: .venv/bench ## Measure the command line: time and memory of whole processes, medians
	$(BIN)/python -m bench commands

bench-peers: .venv/bench ## Measure ours beside the peers (some ten minutes); writes bench/RESULTS.md
	$(BIN)/python -m bench

bench-full: .venv/bench ## The same with 1,000,000 and 10,000,000 claims (an hour, 60 GB of disk)
	$(BIN)/python -m bench --full

site: dist/index.html ## Write site/ for GitHub Pages and w3id/ for w3id.org; SITE=https://... is where site/ is served
	@$(BIN)/python -m graph_builder.deploy '$(SITE)'

reference: .venv/dev dist/build.json ## Write the ontology's reference to dist/reference.html (pyLODE, offline)
	$(BIN)/python -c 'from pathlib import Path; from graph_builder.reference import write_reference; write_reference(Path("dist"), Path("ontology"))'

screenshots: .venv/dev graph ## Write a picture of each kind of page to dist/screenshots (needs Chromium)
	$(BIN)/python -m tests.screenshots

reconcile-eval: .venv/dev ## Measure the proposing of links by leaving out known ones
	$(BIN)/python -m bench.reconcile

sssom: .venv/sssom ## Validate the mapping sets with sssom-py, in an environment of its own: it brings sixty packages
	@for set in facts/links/*.sssom.tsv; do .venv/sssom/bin/sssom validate $$set > .venv/sssom/told 2>&1 \
	  && echo "ok    $$set" || { echo "FAIL  $$set"; tail -3 .venv/sssom/told; exit 1; }; done

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile -q pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock

clean: ## Remove what make built
	rm -rf dist .dist.* .venv

dist/build.json: .venv/compiled $(FACTS) $(SOURCES)
	$(BIN)/pacts build
	@touch $@

dist/index.html: dist/build.json
	$(BIN)/pacts view
	$(BIN)/pacts queries --markdown > dist/queries.md
	@touch $@

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; name one with make PYTHON=...")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo '#!$(CURDIR)/$(BIN)/python' > $(BIN)/pacts
	@echo 'import sys; sys.path.insert(0, "$(CURDIR)"); from graph_builder.cli import main' >> $(BIN)/pacts
	@echo 'if __name__ == "__main__": main()' >> $(BIN)/pacts
	@chmod +x $(BIN)/pacts
	@touch $@

# Python may be told to keep no bytecode, and to compile every module at each start takes 0.1 s and more.
.venv/compiled: .venv/run $(filter %.py,$(SOURCES))
	$(BIN)/python -m compileall -q graph_builder
	@touch $@

.venv/bench: .venv/dev pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(shell sed -n 's/^bench = \[\(.*\)\]/\1/p' pyproject.toml | tr -d ,)
	$(PYTHON) -m venv .venv/morph # morph-kgc holds rdflib at an older version, so it has an environment of its own
	.venv/morph/bin/python -m pip install --quiet --disable-pip-version-check 'morph-kgc>=2.10'
	@touch $@

.venv/sssom: .venv/python
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check sssom==0.4.21

.venv/dev: .venv/run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
