"""Reads a workflow as GitHub does: its jobs and expressions; runs its steps in a clone."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import ROOT

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
TOKEN = re.compile(r"\s*('(?:[^']|'')*'|==|!=|&&|\|\||\(\)|\(|\)|[\w.]+)")
SAYS_WHEN = re.compile(r"\b(always|failure|cancelled)\(\)")
OPERATORS = {"==": "==", "!=": "!=", "&&": "and", "||": "or", "(": "(", ")": ")"}
Node = dict[str, Any]
Table = Mapping[str, Any]


class UnknownExpression(Exception):
    """The workflow uses an expression that the tests cannot evaluate."""


def read(file: Path) -> Node:
    # YAML 1.1, which PyYAML reads, takes the word `on` for true.
    found: Node = yaml.safe_load(re.sub(r"^on:", '"on":', file.read_text(), flags=re.MULTILINE))
    return found


def evaluate(expression: str, table: Table) -> Any:
    """The value of an expression of comparisons, `&&`, `||` and names of the table. Raises UnknownExpression."""
    words, at = [], 0
    while at < len(expression.rstrip()):
        if not (token := TOKEN.match(expression, at)):
            raise UnknownExpression(expression)
        at, word = token.end(), token[1]
        if word in OPERATORS:
            words.append(OPERATORS[word])
        elif word.startswith("'"):
            words.append(repr(word[1:-1].replace("''", "'")))
        elif word == "()":
            continue
        elif word in table:
            words.append(repr(table[word]))
        else:
            raise UnknownExpression(f"{word} in {expression!r}")
    return eval(" ".join(words), {"__builtins__": {}})


def filled(text: object, table: Table) -> str:
    return EXPRESSION.sub(lambda found: str(evaluate(found[1], table)), str(text))


@dataclass
class Ran:
    """The result of a job: `outcomes` by the command of the step, `printed` is everything that the steps printed."""

    status: str = "success"
    outcomes: dict[str, str] = field(default_factory=dict)
    printed: str = ""


class Job:
    """One job of a workflow file."""

    def __init__(self, file: str, name: str) -> None:
        self.workflow = read(FOLDER / file)
        self.node: Node = self.workflow["jobs"][name]
        self.steps: list[Node] = self.node["steps"]

    def is_due(self, table: Table) -> bool:
        return bool(evaluate(str(self.node.get("if", "true")), {"true": True} | dict(table)))

    def run(self, clone: Path, table: Table, runner: Mapping[str, str]) -> Ran:
        """Run every `run:` step in a shell like GitHub's; leave out the actions."""
        ran, known = Ran(), {"always": True, **table, "job.status": "success"}
        known |= {f"steps.{step['id']}.outcome": "" for step in self.steps if "id" in step}
        files = {name: clone.parent / name.lower() for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        environment = {"CI": "true", **runner, **{name: str(file) for name, file in files.items()}}
        for node in (self.workflow, self.node):
            environment |= {name: filled(text, known) for name, text in node.get("env", {}).items()}
        for step in self.steps:
            if "run" not in step:
                continue
            outcome = "skipped"
            if self._is_reached(step, known, ran):
                own = {name: filled(text, known) for name, text in step.get("env", {}).items()}
                outcome = self._run(step["run"], clone, environment | own, ran)
                environment |= dict(line.split("=", 1) for line in files["GITHUB_ENV"].read_text().splitlines())
            ran.outcomes[step["run"]] = outcome
            if "id" in step:
                known[f"steps.{step['id']}.outcome"] = outcome
            if outcome == "failure":
                ran.status = known["job.status"] = "failure"
        return ran

    def _is_reached(self, step: Node, known: Table, ran: Ran) -> bool:
        condition = str(step.get("if", "true"))
        if ran.status != "success" and not SAYS_WHEN.search(condition):
            return False
        return bool(evaluate(condition, {"true": True} | dict(known)))

    def _run(self, command: str, clone: Path, environment: dict[str, str], ran: Ran) -> str:
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        ran.printed += done.stdout
        return "success" if done.returncode == 0 else "failure"
