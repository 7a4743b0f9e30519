# make crawl: from an empty folder to a database with the sample portals' reports. make serve: look at it in a browser.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
READY := $(VENV)/ready
READY_DEV := $(VENV)/ready-dev
VALIDATORS := $(VENV)/validators
READY_VALIDATORS := $(VALIDATORS)/ready

.PHONY: crawl serve test lint bench proof lock dictionary pictures

crawl: $(READY)
	$(BIN)/harvester crawl --sample

serve: $(READY)
	$(BIN)/harvester serve

# One process a core and one more, for many tests wait; the tests of a file stay together, for they share what they crawled or converted.
test: $(READY_DEV) $(READY_VALIDATORS)
	$(BIN)/python -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadfile

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What is promised about speed, measured on this machine (minutes); results in benchmarks/results.json and benchmarks/RESULTS.md.
bench: $(READY_DEV)
	$(BIN)/python -m benchmarks

# The long runs: large counts, measured speed and memory.
proof: $(READY_DEV)
	$(BIN)/python -m pytest -m proof

# pyproject.toml says what we use, these files say the whole of what is installed.
lock: $(READY_DEV)
	$(BIN)/uv lock
	$(BIN)/uv export --no-hashes --no-emit-project --no-dev -o requirements.txt
	$(BIN)/uv export --no-hashes --no-emit-project --only-dev -o requirements-dev.txt
	$(BIN)/uv pip compile --universal --no-annotate --custom-compile-command "make lock" -o requirements-validators.txt requirements-validators.in

# docs/data-dictionary.md from harvester/data/labels.csv; docs/images from the published sample in Chromium.
dictionary: $(READY)
	$(BIN)/python docs/dictionary.py

pictures: $(READY_DEV)
	$(BIN)/python docs/images/make.py

$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { echo "make: no virtual environment: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }

# setuptools stands in requirements.txt, so the project is built with that one and nothing else is fetched.
$(READY): requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing the pinned requirements (first time: about a minute)"
	$(PIP) -r requirements.txt
	$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_DEV): requirements-dev.txt $(READY)
	$(PIP) -r requirements-dev.txt
	@touch $@

# What reads our releases and recipes and cannot live with the rest (cffconvert wants an old jsonschema): an environment of its own.
$(READY_VALIDATORS): requirements-validators.txt | $(BIN)/python
	$(BIN)/python -m venv $(VALIDATORS)
	$(VALIDATORS)/bin/python -m pip --disable-pip-version-check install --quiet -r requirements-validators.txt
	@touch $@
