# `make demo` and `make test` set up all they need by themselves.
PYTHON = .venv/bin/python
CATALOGUES = $(wildcard cartera/*/locale/*/LC_MESSAGES/django.po)

.PHONY: demo run test lint bench setup lock

demo: setup
	$(PYTHON) -m cartera demo

run: setup
	$(PYTHON) -m cartera serve

test: setup .venv/cluster
	sh bin/system-packages
	sh bin/test

lint: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m cartera makemigrations --check --dry-run
	$(PYTHON) tests/translations.py

bench: setup
	$(PYTHON) tests/benchmarks/run.py $(ARGS)

setup: .venv/ready $(CATALOGUES:.po=.mo)

.venv/ready: pyproject.toml .python-version requirements/dev.txt requirements/tools.txt bin/setup
	sh bin/setup

.venv/cluster: requirements/cluster.txt | .venv/ready
	sh bin/setup cluster

%.mo: %.po | .venv/ready
	.venv/bin/pybabel -q compile -i $< -o $@

# The hash-locked requirement files, from pyproject.toml.
lock:
	uv pip compile -q --universal -p 3.12 --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal -p 3.12 --generate-hashes --no-header --no-emit-index-url pyproject.toml --group dev -o requirements/dev.txt
	uv pip compile -q --universal -p 3.12 --generate-hashes --no-header --no-emit-index-url pyproject.toml --extra cluster --group dev -o requirements/cluster.txt
	echo uv | uv pip compile -q --universal -p 3.12 --generate-hashes --no-header --no-emit-index-url - -o requirements/tools.txt
