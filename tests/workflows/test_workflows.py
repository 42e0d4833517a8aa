"""Rules for every workflow: one verb for each step, pinned actions, no unneeded permission, no run in a fresh fork."""

import re
import tomllib
from collections.abc import Iterator
from itertools import product

import pytest
import yaml

from pipelines.settings import ROOT
from tests.workflows.workflow import EXPRESSION, FILES, Job, Node, UnknownExpression, evaluate, filled, read

MAKEFILE = (ROOT / "Makefile").read_text()
NAMES = [file.name for file in FILES]
ELTS = ["elt.yml", "elt-without-aws.yml"]
# For each permission of a job, the steps that need it.
NEEDED_BY = {
    ("id-token", "write"): ("aws-actions/configure-aws-credentials", "actions/deploy-pages"),
    ("pages", "write"): ("actions/deploy-pages",),
    ("issues", "write"): ("make alert",),
    ("contents", "write"): ("make backup",),
    ("contents", "read"): ("actions/checkout",),
}


def jobs() -> Iterator[tuple[str, Node, Node]]:
    for file in FILES:
        workflow = read(file)
        for name, job in workflow["jobs"].items():
            yield f"{file.name}: {name}", workflow, job


def steps() -> Iterator[Node]:
    for _, _, job in jobs():
        yield from job["steps"]


def test_every_step_is_one_verb_of_the_makefile_and_holds_no_expression() -> None:
    verbs = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    commands = {step["run"] for step in steps() if "run" in step}
    assert commands
    assert not {command for command in commands if command.removeprefix("make ") not in verbs}


def test_every_action_is_pinned_by_commit_with_its_version_beside_it() -> None:
    used = [line.strip() for file in FILES for line in file.read_text().splitlines() if "uses:" in line]
    assert used
    pinned = re.compile(r"(?:- )?uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert not [line for line in used if not pinned.fullmatch(line)]
    versions = {(line.split("@")[0].split()[-1], line.split("@")[1]) for line in used}
    assert len(versions) == len({name for name, _ in versions})


def test_a_job_has_the_rights_that_its_steps_need_and_no_other() -> None:
    for name, workflow, job in jobs():
        assert workflow["permissions"] == {}, name
        does = " ".join(step.get("run") or step["uses"] for step in job["steps"])
        for right in job["permissions"].items():
            assert any(needs in does for needs in NEEDED_BY[right]), (name, right)


def test_every_job_has_a_time_limit_and_a_named_system() -> None:
    for name, workflow, job in jobs():
        assert job["timeout-minutes"] <= 60, name
        systems = job["strategy"]["matrix"]["os"] if "matrix.os" in job["runs-on"] else [job["runs-on"]]
        assert all(re.fullmatch(r"ubuntu-\d\d\.04|macos-\d\d", system) for system in systems), name
        assert workflow["concurrency"]["group"], name


def test_no_checkout_leaves_credentials_behind() -> None:
    checkouts = [step for step in steps() if "actions/checkout" in step.get("uses", "")]
    assert len(checkouts) == sum("runs-on" in job and "make" in str(job["steps"]) for _, _, job in jobs())
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_only_single_steps_get_secrets_and_no_pull_request_can_start_a_job_that_has_one() -> None:
    for name, workflow, job in jobs():
        assert "secrets." not in str(workflow.get("env")) + str(job.get("env")), name
        if "secrets." in str(job):
            assert set(workflow["on"]) == {"schedule", "workflow_dispatch"}, name


def test_a_scheduled_job_needs_no_environment_because_a_private_repository_on_github_free_has_none() -> None:
    for file in ELTS:
        assert "environment" not in Job(file, "elt").node


def test_no_log_shows_the_account_number_or_the_bucket() -> None:
    text = (ROOT / ".github" / "workflows" / "elt.yml").read_text()
    (credentials,) = (step for step in Job("elt.yml", "elt").steps if "aws-actions" in step.get("uses", ""))
    assert credentials["with"]["mask-aws-account-id"] is True
    # Values of variables are printed with every step that gets them; values of secrets are not.
    assert {name for name in EXPRESSION.findall(text) if "ROLE" in name or "LAKE" in name} == {
        "secrets.AWS_ROLE_ARN",
        "secrets.LAKE_URL",
    }


def test_the_docs_workflow_gets_no_secret_and_no_variable() -> None:
    text = (ROOT / ".github" / "workflows" / "docs.yml").read_text()
    asked = EXPRESSION.findall(text)
    assert asked == ["steps.pages.outputs.page_url"]
    assert not [
        step for job in read(FILES[NAMES.index("docs.yml")])["jobs"].values() for step in job["steps"] if "env" in step
    ]


def test_ci_runs_the_verbs_of_the_merge_check() -> None:
    listed = re.findall(r"^for verb in ([a-z -]+); do$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    commands = [step["run"] for step in Job("ci.yml", "check").steps if "run" in step]
    # A fresh runner has no provider of Terraform. Where the merge check runs, there is one.
    commands.remove("make provider")
    assert commands == ["make setup", *(f"make {verb}" for verb in listed[0].split())]


def test_ci_installs_terraform_and_fails_where_its_tests_cannot_run() -> None:
    used = [step.get("uses", step.get("run")) for step in Job("ci.yml", "check").steps]
    terraform = next(place for place, step in enumerate(used) if "setup-terraform" in str(step))
    assert terraform < used.index("make provider") < used.index("make test-all")


def test_every_test_runs_at_night_too() -> None:
    commands = [step["run"] for step in Job("nightly.yml", "test-all").steps if "run" in step]
    assert commands == ["make setup", "make trino", "make provider", "make test-all"]
    assert set(read(FILES[NAMES.index("nightly.yml")])["on"]) == {"schedule", "workflow_dispatch"}


def test_ci_runs_the_quick_tests_on_the_oldest_and_the_newest_python_on_linux_and_macos() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    job = Job("ci.yml", "python")
    matrix = job.node["strategy"]["matrix"]
    assert project["requires-python"] == f">={matrix['python'][0]}"
    assert {system.partition("-")[0] for system in matrix["os"]} == {"ubuntu", "macos"}
    assert job.node["env"] == {"PYTHON": "python${{ matrix.python }}"}
    assert [step["run"] for step in job.steps if "run" in step] == ["make setup", "make elt", "make test"]


def test_dependabot_covers_the_source_of_the_lock_the_actions_and_terraform() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    covered = {one["package-ecosystem"]: ROOT / one["directory"].lstrip("/") for one in updates}
    assert (covered["pip"] / "pyproject.toml").is_file()
    assert (covered["terraform"] / ".terraform.lock.hcl").is_file()
    assert covered.keys() == {"github-actions", "pip", "terraform"}


@pytest.mark.parametrize("file", ELTS)
def test_scheduled_runs_wait_for_each_other_and_none_is_dropped(file: str) -> None:
    assert read(FILES[NAMES.index(file)])["concurrency"] == {
        "group": "elt-production",
        "cancel-in-progress": False,
        "queue": "max",
    }


@pytest.mark.parametrize("file", ELTS)
def test_no_schedule_is_at_the_full_hour_and_each_runs_one_verb(file: str) -> None:
    workflow = read(FILES[NAMES.index(file)])
    crons = [each["cron"] for each in workflow["on"]["schedule"]]
    assert all(int(cron.split()[0]) % 2 == 1 for cron in crons)
    due = {when: verbs_of(file, {"github.event.schedule": when, "inputs.verb": ""}) for when in crons}
    assert sorted(due.values()) == [["build"], ["extract"]]
    (hourly,) = (when for when, verbs in due.items() if verbs == ["extract"])
    assert hourly.split()[1:] == ["*"] * 4


@pytest.mark.parametrize("file", ELTS)
def test_a_run_by_hand_has_a_choice_of_verbs(file: str) -> None:
    choice = read(FILES[NAMES.index(file)])["on"]["workflow_dispatch"]["inputs"]["verb"]["options"]
    due = {verb: verbs_of(file, {"github.event.schedule": "", "inputs.verb": verb}) for verb in choice}
    assert due == {"extract": ["extract"], "build": ["build"], "elt": ["extract", "build"]}


def verbs_of(file: str, table: Node) -> list[str]:
    steps = [step for step in Job(file, "elt").steps if step.get("id") in ("extract", "build")]
    return [step["id"] for step in steps if evaluate(step["if"], table)]


def test_in_a_fresh_fork_no_scheduled_job_is_due_and_never_both() -> None:
    for role, client in product(("", "region"), ("", "id")):
        table = {"vars.AWS_REGION": role, "vars.SPOTIFY_CLIENT_ID": client}
        due = [file for file in ELTS if Job(file, "elt").is_due(table)]
        assert due == (["elt.yml"] if role else ["elt-without-aws.yml"] if client else [])


def test_pages_are_published_only_where_they_are_switched_on() -> None:
    job = Job("docs.yml", "publish")
    assert not job.is_due({"github.event.repository.has_pages": False})
    assert job.is_due({"github.event.repository.has_pages": True})


@pytest.mark.parametrize("text", ["${{ vars.UNKNOWN }}", "${{ hashFiles('x') }}", "${{ vars.A[0] }}"])
def test_an_expression_that_these_tests_do_not_know_fails_them(text: str) -> None:
    with pytest.raises(UnknownExpression):
        filled(text, {"vars.A": ""})
