# What a contributor runs, from the environment that docs/contributing.md makes: `.venv/bin/just`, or `just` on the path.

bin := justfile_directory() / ".venv/bin"

# list the tasks
default:
    @{{ bin }}/just --list

# style, and imports that only go down
lint:
    {{ bin }}/ruff check .
    {{ bin }}/ruff format --check .
    {{ bin }}/lint-imports --no-logo

# types, of the tests too
types:
    {{ bin }}/mypy

# what needs no server: a look while you write
fast *options:
    {{ bin }}/pytest -n 2 tests/house tests/auth tests/planner/scheduler tests/ai/content -k "not postgres" {{ options }}

# every test, on both engines
test *options:
    {{ bin }}/pytest -n 2 {{ options }}

# every test, and the lines that none of them reaches
coverage:
    {{ bin }}/pytest -n 2 --cov --cov-report term

# all that a change has to pass, in fresh environments
all:
    .ci/run

# the OpenAPI document before linters and two generated clients; needs Node
openapi:
    .ci/openapi

# 50,000 calls on each engine with what the OpenAPI document allows and forbids
fuzz:
    .ci/fuzz
