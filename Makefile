# Two commands matter: `make run` shows the demo city, `make test` proves everything.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export YIPING_DATA_DIR ?= $(CURDIR)/data
export YIPING_REAL_DATA ?= ../shared/data
INSTANCES := $(YIPING_REAL_DATA)/districting_bench
# Tests at once, one more than cores, as those in the browser wait a fifth of their time; the tests
# of a file stay together, for they share what is slow to make.
WORKERS ?= 3
SEED ?= 7
SCALE ?= district

# The tests start hundreds of processes; none need compile what another one has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo install install-dev chromium postgres check test test-real bench soak shots lock clean

run: install demo
	$(BIN)/python app.py

demo: install
	@test -f $(YIPING_DATA_DIR)/live.json || \
		$(BIN)/python -m geodata demo --scale $(SCALE) --seed $(SEED) --data-dir $(YIPING_DATA_DIR)

install: $(VENV)/.run-stamp $(VENV)/.kernels-stamp
install-dev: $(VENV)/.dev-stamp $(VENV)/.kernels-stamp

$(VENV)/.run-stamp: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev-stamp: $(VENV)/.run-stamp tests/requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@

# Others that the planner is measured beside.
$(VENV)/.bench-stamp: $(VENV)/.dev-stamp tests/bench/requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r tests/bench/requirements.txt
	@touch $@

# Machine code is made once, here, and not while somebody waits for a screen.
$(VENV)/.kernels-stamp: $(VENV)/.run-stamp $(wildcard geodata/kernels/*.py)
	$(BIN)/python -m geodata.kernels
	@touch $@

chromium:
	@bash tests/install_chromium.sh

postgres:
	@bash tests/install_postgres.sh

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py dashboard geodata
	$(BIN)/lint-imports

test: check chromium postgres
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not bench and not real"

test-real: install-dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m real tests/real

# The cities that are measured are made up once, and anew when they are old. Published instances
# of districting are solved where the files of other cities are.
bench: install-dev chromium $(VENV)/.bench-stamp
	$(BIN)/python -m geodata bench --json .benchmarks/figures.json
	@test ! -d "$(INSTANCES)" || \
		$(BIN)/python -m geodata bench optima --data "$(INSTANCES)" --json .benchmarks/optima.json
	$(BIN)/python -m pytest -m bench tests/bench -s

# The wall's long run: growth over 20,000 ticks, every fault ten times, fifty red alerts.
soak: install-dev chromium
	$(BIN)/python -m tests.soak --json .benchmarks/soak.json

shots: install-dev chromium demo
	$(BIN)/python -m docs.make_shots
	$(BIN)/python -m docs.make_states

lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --group dev \
		-c requirements.txt pyproject.toml -o tests/requirements.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --group bench \
		-c tests/requirements.txt -o tests/bench/requirements.txt

clean:
	rm -rf $(VENV) data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
