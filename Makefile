# Each target makes .venv first and installs into it only when a requirements file has changed.
PYTHON ?= python3
BIN := .venv/bin
# Published in docs/results/, each by the flag file of its name.
RUNS := cifar10 cifar10_full_width cifar10_full_width_50_90 cifar10_manifold mnist fashion_mnist digits attributions training survey
# Those of them whose values are there.
PUBLISHED := $(patsubst docs/results/%/values,%,$(wildcard docs/results/*/values))
# Kinds of files of figures, beside those in the pages.
FIGURE_FILES ?=

.PHONY: run test lint reference bench examples results pages report

run: .venv/run
	$(BIN)/python main.py

test: .venv/dev
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Methods beside independent implementations of them, in libraries too large for every test run.
reference: .venv/reference
	$(BIN)/python -m pytest tests/reference

# Ours against other libraries; writes benchmarks/results.json and the tables in docs/benchmarks.md.
bench: .venv/bench
	$(BIN)/python -m benchmarks

# The quick preset's values and reports, as they are linked from the README.
examples: run
	rm -rf docs/examples && mkdir -p docs/examples
	cp -r out/values docs/examples
	$(MAKE) pages/examples

# The larger comparisons: hours where nothing is stored in out/; where all is, a minute with -j2.
results: $(RUNS:%=results/%)

results/%: .venv/run
	$(BIN)/python main.py --flagfile=docs/$*.flags --figure_files=
	rm -rf docs/results/$* && mkdir -p docs/results/$*
	cp -r out/$*/values docs/results/$*
	$(MAKE) pages/$*

# The published pages again, judged and drawn from the published values beside them. Runs without values stay as they are.
pages: pages/examples $(PUBLISHED:%=pages/%)

pages/examples: .venv/run
	$(BIN)/python main.py --output_dir=docs/examples --figure_files=$(FIGURE_FILES) --report_only

pages/%: .venv/run
	$(BIN)/python main.py --flagfile=docs/$*.flags --figure_files=$(FIGURE_FILES) --output_dir=docs/results/$* --report_only

# docs/report.md and the index of published runs, from the numbers of those runs.
report: .venv/run
	$(BIN)/python -m reports.written

.venv/run: requirements.txt constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	touch $@

.venv/dev: .venv/run requirements-dev.txt requirements-cluster.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	touch $@

.venv/reference: .venv/dev requirements-reference.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-reference.txt -c constraints.txt
	touch $@

.venv/bench: .venv/run requirements-bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt -c constraints.txt
	touch $@
