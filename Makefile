# A name given to make reaches the program: make elt DEMO_DAYS=1

.DEFAULT_GOAL := help
.PHONY: help elt extract build test trino login logout status docs alert restore backup lint bench contract infra lock clean forget setup

run   := .venv/bin/spotify-elt
ready := .venv/.ready
# 3 is "done, some listings stopped": the rest was loaded, so make goes on. Any other code is kept.
passing := { code=$$?; test $$code -eq 3 || exit $$code; }

help: # The promise after each verb is its only documentation here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

elt: $(ready) ## Read the Spotify account, build and test the tables, print a summary
	@$(run) elt $(ARGS) || $(passing)

extract: $(ready) ## The first half: read what is new into the lake (every hour suits it)
	@$(run) extract $(ARGS) || $(passing)

build: $(ready) ## The second half: build and test the tables from the lake
	@$(run) build $(ARGS)

login: $(ready) ## Use your own account: consent in the browser, token kept on this machine
	@$(run) login

logout: $(ready) ## Drop the token; the lake and the tables stay
	@$(run) logout

status: $(ready) ## Account, scopes, age of the consent, locks, last run
	@$(run) status

docs: $(ready) ## Write the documentation of every table as one web page
	@$(run) docs

restore: $(ready) ## Take the lake from the data branch
	@$(run) restore

backup: $(ready) ## Put the lake on the data branch (in a workflow of a private repository)
	@$(run) backup

alert: $(ready) ## Open or close the issue that says what needs a person (in a workflow)
	@$(run) alert

forget: $(ready) ## Delete my data: lake, tables and token, after a question
	@$(run) forget

test: $(ready) ## Run every test; no key, no network
	.venv/bin/python -m pytest

trino: $(ready) ## Fetch Trino once, so that the tests build on both engines
	@.venv/bin/python -m tests.simulators.athena.fetch

lint: $(ready) ## Check style, imports, types, SQL and workflows
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy
	cd transform && ../.venv/bin/sqlfluff lint .
	.venv/bin/zizmor --offline --no-progress --quiet --pedantic .github
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml

bench: $(ready) ## Measure a large first load, its memory and the year-old lake
	.venv/bin/python -m tests.bench

contract: $(ready) ## Write again what pipelines/spotify/tables generates
	@$(run) contract

infra: ## Make what production needs on AWS, after showing it and a question (ARGS=-destroy takes it away)
	@command -v terraform >/dev/null || { echo "make infra needs Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install" >&2; exit 1; }
	@cd orchestration/terraform && terraform init -input=false && terraform apply $(ARGS)

lock: ## Write requirements.lock again after pyproject.toml changed (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --group dev pyproject.toml --output-file requirements.lock

clean: ## Remove the environment and caches, never data/
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache transform/target transform/logs
	find pipelines orchestration tests -name __pycache__ -prune -exec rm -rf {} +

setup: $(ready) ## Make the environment; every other verb does so by itself
	@echo "ready: $(run)"

# The stamp holds the folder it was made in. An environment cannot be moved, may have been left half-made, and dies
# with its Python; in these cases it is made anew. A changed lock is installed into the one there is.
made_for := $(shell test -x .venv/bin/python && cat $(ready) 2>/dev/null)
ifneq ($(made_for),$(CURDIR))
.PHONY: $(ready)
endif

$(ready): export SET_UP = $(set_up)
$(ready): requirements.lock pyproject.toml
	@sh -c "$$SET_UP"

# PYTHON= chooses; otherwise the first that will do, and what uv keeps for itself last.
pythons := $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python3.14 "$$(uv python find '>=3.11' 2>/dev/null)")

# --no-deps: dbt-core asks for a parser that downloads a binary while it is built; the lock leaves it out, a resolver
# would bring it back. --no-build-isolation: the lock holds what builds the project, so nothing unhashed is fetched.
define set_up
say() { printf '%s\n' "$$@" >&2; }
stop() { say "set-up stopped: $$1" "$$2"; exit 1; }
quietly() {
    output=$$("$$@" 2>&1 </dev/null) && return
    printf '%s\n' "$$output" | tail -n 5 >&2
    case $$output in *onnect*|*resol[uv]*|*"timed out"*|*"ailed to fetch"*)
        stop "the package index cannot be reached." "Check the network, then type the same command again." ;;
    esac
    stop "the lines above say why." "Nothing half-made is left; the same command tries again."
}
can() { "$$@" >/dev/null 2>&1; }

uv=; can uv --version && uv=uv
say "setting up (once, about a minute) ..."

if [ "$(made_for)" != "$(CURDIR)" ] || ! { [ $$uv ] || can .venv/bin/python -c 'import pip'; }; then
    python=; bare=
    for each in $(pythons); do
        can "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
        if [ $$uv ] || can "$$each" -c 'import ensurepip, venv'; then python=$$each; break; fi
        bare=$${bare:-$$each}
    done
    [ "$$python" ] || [ -z "$$bare" ] || stop "$$bare comes without venv and pip." \
        "On Debian and Ubuntu: sudo apt install python3-venv. Or name another: make setup PYTHON=/path/to/python3"
    [ "$$python" ] || stop "$(if $(PYTHON),$(PYTHON) is not,no) Python 3.11 or newer$(if $(PYTHON),, was found)." \
        "Install one, or name it: make setup PYTHON=/path/to/python3"
    trap 'rm -rf .venv' EXIT; trap 'exit 130' INT TERM HUP
    rm -rf .venv
    if [ $$uv ]; then quietly uv venv --python "$$(command -v "$$python")" .venv
    else quietly "$$python" -m venv .venv; fi
fi

pip() {
    if [ $$uv ]; then quietly uv pip "$$@" --python .venv/bin/python
    else quietly .venv/bin/python -m pip "$$@" --no-input --no-compile --disable-pip-version-check; fi
}
pip install --no-deps --require-hashes -r requirements.lock
pip install --no-deps --no-build-isolation -e .
printf '%s' "$(CURDIR)" >$(ready)
trap - EXIT
endef
