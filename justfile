# One word for everything that must hold: `just`. The tools come with `uv sync`; see CONTRIBUTING.md.

export PATH := justfile_directory() / (if os_family() == "windows" { ".venv/Scripts;" } else { ".venv/bin:" }) + env("PATH")

# Everything that must hold before a change goes in.
check: format lint types imports test

# Are the files formatted?
format:
    ruff format --check

# Is the code clean?
lint:
    ruff check

# Do the types agree?
types:
    basedpyright

# Does every room import only what lies below it?
imports:
    lint-imports

# Do the laws hold? Arguments go to pytest: `just test tests/grouping -x`. Files go to processes, for
# what the tests of one file share is dear.
test *arguments:
    pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder {{ arguments }}

# Format, and mend what can be mended by itself.
fix:
    ruff format
    ruff check --fix

# Write into docs/cli.md every command's --help, into docs/deploy-aws.md what it costs, into READMEs what modules take.
docs:
    python tests/docs/help_pages.py
    python tests/support/cost_table.py
    python tests/support/module_readmes.py

# The zip of the functions for AWS Lambda: `just lambda --architecture x86_64`.
lambda *arguments:
    python -m kith.lambdas.package {{ arguments }}
