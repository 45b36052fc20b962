# Every target makes .venv, or adds the extras that it needs, from requirements.lock.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TARGET ?= demo
export REGULARS_HOME    ?= $(CURDIR)
export REGULARS_PROJECT := $(CURDIR)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help demo demo-retail test test-emulator test-snowflake lint fmt pytest bench-ablation bench-accuracy bench-churn bench-features bench-feedback bench-gates bench-identity bench-identity-glue bench-identity-speed bench-kills bench-predictability bench-publishing bench-realism bench-reasons bench-scoring bench-snowflake-scale bench-spoilt bench-versions bench-world lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-21s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.base ## a made-up world, from nothing to published scores
	$(BIN)/regulars demo
	$(BIN)/regulars build
	$(BIN)/regulars publication show

demo-retail: $(VENV)/.base ## a real shop: DATA="file file" [AS_OF=2011-05-31]
	@test -n "$(DATA)" || { echo 'Say where the files of Online Retail II are: make demo-retail DATA="online_retail_II.xlsx"' >&2; exit 2; }
	$(BIN)/regulars load online-retail $(DATA)
	$(BIN)/regulars build --target retail $(if $(AS_OF),--as-of-date $(AS_OF))
	$(BIN)/regulars publication show --target retail

test: lint pytest ## all that CI runs: lint, types, unit, structure, portability, end to end

lint: $(VENV)/.dev ## ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 models

fmt: $(VENV)/.dev ## format the Python
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pytest: $(VENV)/.dev $(VENV)/.snowflake ## the tests alone
	$(BIN)/pytest

test-emulator: $(VENV)/.dev $(VENV)/.snowflake ## SQL and Python models on an emulator of Snowflake
	$(BIN)/pytest tests/emulator -m emulator --no-cov --numprocesses=0 -s

test-snowflake: $(VENV)/.dev $(VENV)/.snowflake ## a whole build in a Snowflake account, which the environment names; else skipped
	$(BIN)/pytest tests/account -m account --no-cov --numprocesses=0 -rs -s

bench-ablation: $(VENV)/.dev ## what each group of features adds, on Online Retail II and a made-up world: DATA="file file"
	$(BIN)/python -m benchmarks.ablation $(DATA)

# LightGBM, CatBoost and a net stand beside the project in an environment of their own
ACCURACY := .venv-accuracy

bench-accuracy: $(ACCURACY)/.peers ## beside other models and the truth: DATA="file file" CDNOW=file
	$(ACCURACY)/bin/python -m benchmarks.accuracy retail $(DATA)
	$(ACCURACY)/bin/python -m benchmarks.accuracy tuning $(DATA)
	$(ACCURACY)/bin/python -m benchmarks.accuracy hazard
	$(if $(CDNOW),$(ACCURACY)/bin/python -m benchmarks.accuracy cdnow $(CDNOW))

bench-churn: $(VENV)/.dev ## churn out of time on Online Retail II: DATA="file file"
	$(BIN)/python -m benchmarks.churn $(DATA)

bench-features: $(VENV)/.dev ## timeline and features at 5 and 50 million events, beside other tools
	$(BIN)/python -m benchmarks.features

bench-feedback: $(VENV)/.dev ## greedy targeting against 10% exploration, over 12 retrainings
	$(BIN)/python -m benchmarks.feedback

bench-gates: $(VENV)/.dev ## what the gates cost at 10 million events
	$(BIN)/python -m benchmarks.gates

bench-identity: $(VENV)/.dev ## how right identity is: DATA="folder of the public data sets"
	$(BIN)/python -m benchmarks.identity accuracy $(DATA)

bench-identity-glue: $(VENV)/.dev ## common names, households and shared e-mails at a million records
	$(BIN)/python -m benchmarks.identity glue --records 100000 --shared-emails 0
	$(BIN)/python -m benchmarks.identity glue

bench-identity-speed: $(VENV)/.dev ## ties by shared identifiers beside one hash aggregate, 1 and 5 million people
	$(BIN)/python -m benchmarks.identity speed --people 1000000 --people 5000000

bench-kills: $(VENV)/.dev ## 20 runs killed at any moment, and what the next run makes of it
	$(BIN)/python -m benchmarks.kills

bench-predictability: $(VENV)/.dev ## how well churn can be foreseen in the made-up world
	$(BIN)/python -m benchmarks.predictability

bench-publishing: $(VENV)/.dev ## three readers while 150 generations are published
	$(BIN)/python -m benchmarks.publishing

bench-realism: $(VENV)/.dev ## the made-up company beside Online Retail II: DATA="file file"
	$(BIN)/python -m benchmarks.realism $(DATA)

bench-reasons: $(VENV)/.dev ## reasons of scores: approximate beside exact, what both cost
	$(BIN)/python -m benchmarks.reasons

bench-scoring: $(ACCURACY)/.peers ## what scoring and training cost, 1 and 10 million customers × 60 features
	$(ACCURACY)/bin/python -m benchmarks.scoring

bench-snowflake-scale: $(VENV)/.dev ## rows, bytes and credits of 25 million customers on Snowflake, multiplied up
	$(BIN)/python -m benchmarks.snowflake_scale

bench-spoilt: $(VENV)/.dev ## how many spoilt challengers would score, on Online Retail II: DATA="file file"
	$(BIN)/python -m benchmarks.spoilt $(DATA)

bench-versions: $(VENV)/.dev ## what is published, read by DuckDB 1.1, 1.4, 1.5 and 2.0
	$(BIN)/python -m benchmarks.duckdb_versions "$(REGULARS_HOME)/published/$(TARGET)/regulars.duckdb"

bench-world: $(VENV)/.dev ## a made-up world of a million people: time, memory, bytes
	$(BIN)/python -m benchmarks.big_world

lock: $(VENV)/.dev ## resolve requirements.lock anew
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --fork-strategy fewest --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command 'make lock' -o requirements.lock --quiet --upgrade

clean: ## forget the environment and the logs; data stays
	rm -rf $(VENV) $(ACCURACY) target logs

# One lock for all extras: it constrains, with hashes, whatever an extra asks for.
# Compiled here, once: where PYTHONDONTWRITEBYTECODE is set, as in many images, each process would do it again.
INSTALL = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python \
  --constraint requirements.lock --build-constraint requirements.lock

$(VENV)/.uv: requirements.lock
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or later is needed: make PYTHON=python3.12' >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@awk '/^uv==/ {found = 1} found {print} found && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@touch $@

$(VENV)/.base: $(VENV)/.uv pyproject.toml
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	@$(INSTALL) --editable '.[dev]'
	@touch $@

$(VENV)/.snowflake: $(VENV)/.base
	@$(INSTALL) --editable '.[snowflake]'
	@touch $@

$(ACCURACY)/.peers: pyproject.toml benchmarks/accuracy/requirements.txt
	@$(MAKE) --no-print-directory VENV=$(ACCURACY) $(ACCURACY)/.base
	@$(ACCURACY)/bin/uv pip install --quiet --python $(ACCURACY)/bin/python \
	  --constraint requirements.lock --requirement benchmarks/accuracy/requirements.txt
	@touch $@
