# Everything that a fresh machine needs is installed into .venv by the first target that is asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

SAMPLE := docs/sample

.PHONY: demo sample test test-hub1 wheel check clean

demo: $(INSTALLED)  ## write the example session, mix it, and say where the mix is
	test -e demo/song || $(BIN)/wavemix example demo/song
	$(BIN)/wavemix mix demo/song -o demo/mix --loudness -16 --ceiling -1
	@echo "Listen to demo/mix/mix.wav; its stems are in demo/mix/stems, what was done in demo/mix/report.json."

sample: demo  ## what the README and the tour let people hear and see
	$(BIN)/python benchmarks/sample.py demo/song $(SAMPLE)
	$(BIN)/python benchmarks/tour.py demo/song docs/tour.md

# A process takes about 1 GB and some seconds to start, and tests of one folder share what is dear. So folders that take long have
# a process of their own or (+) with a neighbour, the longest first, and all others have one together. Three run at a time, on two
# cores: processes that tests start and wait for leave them idle now and then.
LONG := training catalogue zoo+publishing app+listening cli data+rendering evaluation campaign backends pipeline
folders = $(patsubst %,tests/%/,$(subst +, ,$(1)))
SHORT := $(filter-out $(call folders,$(LONG)),$(wildcard tests/*/))
SIDE_BY_SIDE := OMP_NUM_THREADS=1 xargs -P 3 -L 1

test: $(INSTALLED)  ## run all tests, three processes at a time
	printf '%s\n' '$(SHORT)' 'tests/test_*.py wavemix' $(foreach group,$(LONG),'$(call folders,$(group))') | \
		$(SIDE_BY_SIDE) sh -c 'echo "$$*"; $(BIN)/pytest --quiet -rfE $$* || [ $$? = 5 ]' sh

test-hub1: $(INSTALLED)  ## the Hub's tests with huggingface_hub 1
	test -d $(VENV)/hub1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check --target $(VENV)/hub1 'huggingface_hub>=1,<2'
	PYTHONPATH=$(VENV)/hub1 $(BIN)/python -c 'import huggingface_hub as hub; assert hub.__version__.startswith("1.")'
	printf '%s\n' tests/zoo 'tests/publishing tests/cli/test_models.py tests/test_hubconf.py' | \
		PYTHONPATH=$(VENV)/hub1 $(SIDE_BY_SIDE) $(BIN)/pytest --quiet -rfE

wheel: $(INSTALLED)  ## sdist and wheel into dist/, and the wheel put to use outside this folder
	.ci/wheel $(BIN)

check: $(INSTALLED)  ## lint and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

clean:  ## remove what the targets above made
	rm -rf $(VENV) demo dist

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wavemix needs Python 3.11 or newer; set PYTHON")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@
