"""docs/orchestration.md names verbs, options, settings, files and sections that exist."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from orchestration.aws_lambda import marker
from orchestration.cli import _parsed
from orchestration.follow import pace
from orchestration.verb_table import VERBS
from orchestration.verbs import scheduled
from pipelines.settings import ROOT, SETTINGS
from tests.checkout import MAKEFILE

FILE = ROOT / "docs" / "orchestration.md"
PAGE = FILE.read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
# Names of other programs, and of the compose file.
NOT_SETTINGS = {
    "ARGS",
    "AIRFLOW_VAR_SPOTIFY_BUILD_BY",
    "PYTHONPATH",
    "ELT_USER",
    "EXIT_CODE",
    "PWD",
    "HOME",
    "RUN",
    "UTC",
    "WSL",
    "AWS",
    "NAS",
    "S3",
    "DEMO_DAYS",
}


def test_every_verb_of_make_exists() -> None:
    used = {verb for code in _code() for verb in re.findall(r"(?:^|[ =(])(?<!install )make ([a-z][a-z-]+)", code)}
    assert used
    assert used <= TARGETS, used - TARGETS


def test_every_option_given_to_a_verb_exists() -> None:
    given = re.findall(r"make ([a-z-]+)\s+ARGS=(--[a-z0-9-]+)", PAGE)
    given += re.findall(r"spotify-elt ([a-z-]+) (--[a-z0-9-]+)", PAGE)
    assert len(given) >= 3
    for verb, option in given:
        assert _parsed([verb, option])[0] == verb


def test_every_verb_for_a_container_exists() -> None:
    table = PAGE.partition("| verbs | in a container |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    named = {word for cell in cells for word in re.findall(r"`([a-z][a-z-]+)`", cell)}
    assert named <= set(VERBS)
    assert set(VERBS) - named <= {"restore", "backup", "alert", "contract"}


def test_every_setting_exists() -> None:
    names = {name for code in _code() for name in re.findall(r"(?<![\w/$.{])([A-Z][A-Z0-9_]{2,})(?=[=`\s]|$)", code)}
    assert names & {setting.name for setting in SETTINGS}
    assert not names - {setting.name for setting in SETTINGS} - NOT_SETTINGS


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)\s]+)\)", PAGE))))
def test_every_link_leads_somewhere(link: str) -> None:
    path, _, section = link.partition("#")
    file = (FILE.parent / path).resolve() if path else FILE
    assert file.exists()
    if section:
        headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert section in {_anchor(heading) for heading in headings}


@pytest.mark.parametrize("way", re.findall(r"^\| \[.*?\]\(#([a-z-]+)\)", PAGE, re.MULTILINE))
def test_every_way_has_a_picture_with_words_for_those_who_do_not_see_it(way: str) -> None:
    sections = re.split(r"^## (.*)$", PAGE, flags=re.MULTILINE)
    texts = {_anchor(title): text for title, text in zip(sections[1::2], sections[2::2], strict=True)}
    pictures = re.findall(r"!\[(.*?)\]\(images/(.*?)\)", texts[way])
    assert pictures
    assert all(len(words) > 20 and (FILE.parent / "images" / name).is_file() for words, name in pictures)


def test_the_picture_of_github_has_the_times_of_the_workflow() -> None:
    workflow = (ROOT / ".github" / "workflows" / "elt.yml").read_text(encoding="utf-8")
    extract, build = re.findall(r"- cron: (\d+) (\d+|\*) \* \* \*", workflow)
    words = _words("github.svg")
    assert f"every hour, minute {extract[0]}" in words
    assert f"every day, {build[1]:>02}:{build[0]:>02} UTC" in words


def test_the_picture_of_lambda_says_what_terraform_makes() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "orchestration" / "terraform").glob("*.tf"))
    words = _words("lambda.svg")
    assert (marker.NAME in words, f'"{marker.NAME}"' in code) == (True, True)
    assert ("every hour, minute 7" in words, '"cron(7 * * * ? *)"' in code) == (True, True)
    assert ("has not run for six hours" in words, "evaluation_periods        = 6" in code) == (True, True)
    assert ("failed three times" in words, "maximum_retry_attempts       = 2" in code) == (True, True)
    assert ("80 % of the budget" in words, re.search(r"threshold\s+= 80", code) is not None) == (True, True)


def test_the_picture_of_a_timer_names_verbs_that_scheduled_runs() -> None:
    assert set(re.findall(r"ARGS=(\w+)", _words("timer.svg"))) == {"extract", "build"} <= set(scheduled.VERBS)


def test_the_numbers_of_polls_are_those_of_the_program() -> None:
    assert f"at most {pace.MOST_CALLS} in any 24 hours" in PAGE
    listening, recently, idle = (int(every / pace.MINUTE) for _, every in pace.BANDS)
    assert f"every {listening} minutes while you listen, every {recently} minutes" in PAGE
    assert re.search(rf"then every {idle}\s+minutes", PAGE)
    assert f"nobody has for {pace.EVERY_HOUR / pace.MINUTE:.0f} minutes" in PAGE


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _words(picture: str) -> str:
    tree = ElementTree.parse(ROOT / "docs" / "images" / picture)
    return "\n".join(element.text or "" for element in tree.iter("{http://www.w3.org/2000/svg}text"))


def _code() -> list[str]:
    """What stands between backticks, and the blocks of code."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^```.*?^```", "", PAGE, flags=re.DOTALL | re.MULTILINE)
    return [*blocks, *re.findall(r"`([^`]+)`", rest)]


def test_the_page_is_linked_from_the_readme() -> None:
    assert "docs/orchestration.md" in Path(ROOT, "README.md").read_text(encoding="utf-8")
