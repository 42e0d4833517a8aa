# A setting given to make reaches the program: make elt DEMO_DAYS=1. ARGS are the options of the verb.

.DEFAULT_GOAL := help
.PHONY: help elt extract build import scheduled follow test test-all trino login logout status report sql export ui docs site airflow dagster demo-export alert restore backup lint bench contract infra provider lambda lock wheels clean forget setup

run   := .venv/bin/spotify-elt
ready := .venv/.ready
# One worker runs all tests of a file, because they share what fixtures of the file set up. Files come in the order of
# tests/conftest.py. pytest-xdist 3.8 ignores its groups (--dist loadgroup) with pytest 9.2.
workers := -n 2 --dist loadfile --no-loadscope-reorder
alone := java or terraform
ui := orchestration/publish/datasette.txt
lambda := orchestration/aws_lambda
schedulers := orchestration/airflow orchestration/dagster
astro := orchestration/airflow/project.lock
# What each lock is made with: versions for every Python and machine, with hashes, without the address of an index.
compile := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header
quick := not slow and not java and not terraform
# Set for another Python, they would break this one, or put other packages before those of the lock.
unexport PYTHONHOME PYTHONPATH
# Without compiled files each start compiles dlt and dbt again, which takes seconds.
unexport PYTHONDONTWRITEBYTECODE
# Exit code 3 means that some resources stopped. The others were loaded, so make continues. Any other code ends make.
passing := { code=$$?; test $$code -eq 3 || exit $$code; }

# A test compares the text after `##` with the help of the verb in orchestration/verb_table.py.
help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

elt: $(ready) ## Read the account, build and test the tables, print a summary
	@$(run) elt $(ARGS) || $(passing)

extract: $(ready) ## The first half: load what is new into the lake (run it every hour)
	@$(run) extract $(ARGS) || $(passing)

build: $(ready) ## The second half: build and test the tables; options of `dbt build` are passed on
	@$(run) build $(ARGS)

# The shell takes FILE from the environment, so that a path may hold spaces and quotes.
import: $(ready) ## Import an account data export, any number of times: FILE=my_spotify_data.zip
	@$(run) import $(ARGS) $${FILE:+"$$FILE"}

scheduled: $(ready) ## Run a verb for cron, systemd or launchd, and tell you when it needs you (ARGS=extract)
	@$(run) scheduled $(ARGS)

follow: $(ready) ## Poll while you listen, read everything every hour, build what is new, until Ctrl-C
	@$(run) follow $(ARGS)

login: $(ready) ## Use your own account: log in in the browser, keep the token on this machine
	@$(run) login

logout: $(ready) ## Delete the token; the lake and the tables stay
	@$(run) logout

status: $(ready) ## Show account, plays, coverage, gaps, time zone, consent, locks, last runs, and what needs you
	@$(run) status $(ARGS)

report: $(ready) ## Write your listening as web pages, one for each year, and open them (ARGS=--no-open only writes)
	@$(run) report $(ARGS)

# The shell takes ARGS from the environment, so that the statement may hold quotes and stars.
sql: $(ready) ## Open a prompt on the tables, read only; ARGS="select ..." prints one answer
	@$(run) sql $${ARGS:+"$$ARGS"}

export: $(ready) ## Write the tables as Parquet, CSV and SQLite, and listens for ListenBrainz and Last.fm (OUT=folder)
	@$(run) export $${OUT:+"$$OUT"}

ui: $(ready) ## Show the tables in the browser, to filter and query (Datasette, on this machine only)
	@$(run) ui

docs: $(ready) ## Write the documentation of every table as one web page, and open it (ARGS=--no-open only writes)
	@$(run) docs $(ARGS)

site: $(ready) ## Put report, docs and questions into one folder that can be published (ARGS=--no-open only writes)
	@$(run) site $(ARGS)

airflow: $(ready) ## Run Airflow with both DAGs, on this machine only, until Ctrl-C
	@$(run) airflow $(ARGS)

dagster: $(ready) ## Run Dagster with every table as an asset, on this machine only, until Ctrl-C
	@$(run) dagster

demo-export: $(ready) ## Give the demo account a history: an invented export, which the next make elt imports
	@$(run) demo-export $(ARGS)

restore: $(ready) ## Copy the data branch into the lake
	@$(run) restore

backup: $(ready) ## Copy the lake to the data branch (in a workflow of a private repository)
	@$(run) backup

alert: $(ready) ## Open or close the issue that lists what needs a person (in a workflow)
	@$(run) alert

forget: $(ready) ## Delete all personal data, after a question
	@$(run) forget $(ARGS)

test: $(ready) ## Run the quick tests, seven of ten, in minutes; no key, no network
	.venv/bin/python -m pytest $(workers) -m "$(quick)" $(ARGS)

test-all: $(ready) ## Run all tests, also the slow ones, those on Trino and with Terraform (make trino fetches Trino)
	.venv/bin/python -m pytest -m "$(alone)"
	.venv/bin/python -m pytest $(workers) -m "not ($(alone))"

trino: $(ready) ## Fetch Trino once, so that make test-all can test on both engines
	@.venv/bin/python -m tests.simulators.athena.fetch

lint: $(ready) ## Check style, imports, types, SQL and workflows
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/lint-imports --no-cache --no-logo && .venv/bin/mypy
	cd transform && ../.venv/bin/sqlfluff lint .
	.venv/bin/zizmor --offline --no-progress --quiet --pedantic .github
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml

bench: $(ready) ## Measure a large first load, its memory, and runs on a lake that is a year old
	.venv/bin/python -m tests.bench $(ARGS)

contract: $(ready) ## Write the files that are generated from the declared tables
	@$(run) contract

infra: ## Create what production needs on AWS, after a plan and a question (ARGS=-destroy deletes it)
	@command -v terraform >/dev/null || { echo "make infra needs Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install" >&2; exit 1; }
	@cd orchestration/terraform && sh ./repository.sh $(ARGS) && terraform init -input=false && terraform apply $(ARGS)

lambda: $(ready) ## Build the zips of the two Lambda functions (ARGS=--arm64 for functions on ARM)
	@$(run) lambda $(ARGS)

provider: ## Fetch Terraform's AWS provider once, so that make test-all can test the infrastructure
	@terraform -chdir=orchestration/terraform init -input=false -backend=false -lockfile=readonly

lock: ## Update requirements.lock after a change of pyproject.toml (needs uv)
	$(compile) --python-version 3.11 --extra elt --group dev pyproject.toml --output-file requirements.lock
	{ sed '/^#/!d' $(ui); echo 'datasette==0.65.*' | $(compile) --python-version 3.11 -; } > $(ui).new && mv $(ui).new $(ui)
	for name in extract transform; do $(compile) --python-version 3.12 --constraint requirements.lock \
		$(lambda)/$$name.in --output-file $(lambda)/$$name.txt || exit 1; done
	for folder in $(schedulers); do \
		{ sed '/^#/!d' $$folder/requirements.lock; $(compile) --python-version 3.11 --extra elt --constraint requirements.lock \
			pyproject.toml $$folder/requirements.in; } > $$folder/new.lock && mv $$folder/new.lock $$folder/requirements.lock || exit 1; \
	done
	{ sed '/^#/!d' $(astro); $(compile) --python-version 3.11 --extra elt --constraint requirements.lock pyproject.toml; \
		} > $(astro).new && mv $(astro).new $(astro)

wheels: ## Check that every package of the lock has a wheel for each Python and machine (needs uv)
	@mkdir -p data && sed -e '/--hash/d' -e 's/ \\$$//' requirements.lock > data/wheels.txt
	@for python in 3.11 3.12 3.13 3.14; do for machine in x86_64-manylinux_2_28 aarch64-manylinux_2_28 x86_64-apple-darwin aarch64-apple-darwin; do \
		echo "Python $$python, $$machine"; \
		uv pip install --quiet --dry-run --only-binary :all: --no-deps --target data/wheels --python-version $$python \
			--python-platform $$machine -r data/wheels.txt || exit 1; \
	done; done; rm data/wheels.txt

clean: ## Delete the environment and caches, never data/
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache transform/target transform/logs
	find pipelines orchestration tests -name __pycache__ -prune -exec rm -rf {} +

setup: $(ready) ## Create the environment; every other verb does it too
	@echo "ready: $(run)"

# .venv/.ready holds the folder that the environment was created in. The environment is created again when the folder
# was moved, when the set-up did not finish, or when its Python no longer exists. When only requirements.lock has
# changed, the packages are installed into the existing environment.
made_for := $(shell test -x .venv/bin/python && cat $(ready) 2>/dev/null)
ifneq ($(made_for),$(CURDIR))
.PHONY: $(ready)
endif

$(ready): export SET_UP = $(set_up)
$(ready): export FOLDER = $(CURDIR)
$(ready): export MADE_FOR = $(made_for)
$(ready): requirements.lock pyproject.toml
	@sh -c "$$SET_UP"

# PYTHON=... names the Python. Otherwise the first of these that is new enough is used; uv's own one is the last.
pythons := $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python3.14 "$$(uv python find '>=3.11' 2>/dev/null)")

# --no-deps: dbt-core requires a parser whose build downloads a binary. The lock leaves the parser out; a resolver
# would add it again. --no-build-isolation: the lock holds the build tools too, so every download has a known hash.
define set_up
say() { printf '%s\n' "$$@" >&2; }
stop() { say "set-up stopped: $$1" "$$2"; exit 1; }
# The log keeps the whole output, and the screen shows the last lines: the cause is often above the very last ones.
quietly() {
    "$$@" >data/setup.log 2>&1 </dev/null && rm -f data/setup.log && return
    tail -n 30 data/setup.log >&2
    say "" "The whole output is in data/setup.log."
    case $$(cat data/setup.log) in
        *"o space left"*) stop "the disk is full." "Free some space, then type the same command again." ;;
        *CERTIFICATE_VERIFY_FAILED*|*nknownIssuer*|*"invalid peer certificate"*)
            stop "the certificate of the package index is not trusted." \
                "Where a company opens TLS, set SSL_CERT_FILE to the file with its certificates, then type the same command again." ;;
        *"annot connect to proxy"*|*"unnel connection failed"*|*"error trying to connect: tunnel"*|*"unsuccessful tunnel"*)
            stop "the proxy refuses the connection." "Check HTTPS_PROXY and the proxy in pip.conf, then type the same command again." ;;
        *"do not match the hashes"*|*"ash mismatch"*)
            stop "a downloaded package is not the one in requirements.lock." "Clear the package cache (pip cache purge, or uv cache clean), then type the same command again." ;;
        *"ailed to build"*|*"ailed building wheel"*|*"ailed to build installable wheels"*)
            stop "a package has no wheel for this Python on this machine, and it could not be compiled." \
                "Use another Python: make setup PYTHON=python3.12" ;;
        *"onnection refused"*|*"ame or service not known"*|*"ame resolution"*|*"timed out"*|*"etwork is unreachable"*|*"ailed to fetch"*|*"dns error"*)
            stop "the package index cannot be reached." "Check the network, then type the same command again." ;;
    esac
    stop "the lines above say why." "Type the same command to try again."
}
can() { "$$@" >/dev/null 2>&1; }

mkdir -p data
uv=; can uv --version && uv=uv
say "setting up (once, about a minute) ..."

if [ "$$MADE_FOR" != "$$FOLDER" ] || ! { [ $$uv ] || can .venv/bin/python -c 'import pip'; }; then
    python=; without_venv=
    for each in $(pythons); do
        can "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
        if [ $$uv ] || can "$$each" -c 'import ensurepip, venv'; then python=$$each; break; fi
        without_venv=$${without_venv:-$$each}
    done
    [ "$$python" ] || [ -z "$$without_venv" ] || stop "$$without_venv comes without venv and pip." \
        "On Debian and Ubuntu: sudo apt install python3-venv. Or name another: make setup PYTHON=/path/to/python3"
    [ "$$python" ] || stop "$(if $(PYTHON),$(PYTHON) is not,no) Python 3.11 or newer$(if $(PYTHON),, was found)." \
        "Install one, or name it: make setup PYTHON=/path/to/python3"
    trap 'rm -rf .venv' EXIT; trap 'exit 130' INT TERM HUP
    rm -rf .venv
    if [ $$uv ]; then quietly uv venv --python "$$(command -v "$$python")" .venv
    else quietly "$$python" -m venv .venv; fi
fi

# The user's pip.conf says where the packages come from, and stays in force. These lines undo what would install them
# elsewhere or differently. An empty value unsets the option.
for section in global install; do
    printf '%s\n' "[$$section]" user= target= prefix= root= require-virtualenv= require-hashes= constraint= no-deps=
done >.venv/pip.conf
unset PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_HASHES PIP_CONSTRAINT PIP_DRY_RUN PIP_NO_DEPS
PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0; export PIP_USER PIP_REQUIRE_VIRTUALENV

pip() {
    if [ $$uv ]; then quietly uv pip "$$@" --python .venv/bin/python
    else quietly .venv/bin/python -m pip "$$@" --no-input --no-compile --disable-pip-version-check; fi
}
pip install --no-deps --require-hashes -r requirements.lock
pip install --no-deps --no-build-isolation -e .
printf '%s' "$$FOLDER" >$(ready)
trap - EXIT
endef
