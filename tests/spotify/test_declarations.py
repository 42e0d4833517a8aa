"""A wrong declaration fails when the resources are imported, and the message says how to correct it."""

import dataclasses

import pytest

from pipelines.spotify.resource import BadDeclaration, Parent, Resource, checked
from pipelines.spotify.resources import RESOURCES, SCOPES
from pipelines.spotify.rows import elements as rows
from pipelines.spotify.sync import per_parent, whole_list
from pipelines.spotify.tables import TABLES

SHOWS = Resource("saved_shows", "me/shows", "user-library-read", whole_list(at_most="daily"), rows.saved_show)
OF_SHOW = Parent("saved_shows", path_params={"show_id": "show.id"}, marker="show.total_episodes")
# Any table is sufficient, because these declarations are checked and never read.
EPISODES = Resource("episodes", "shows/{show_id}/episodes", None, per_parent, rows.saved_episode, parent=OF_SHOW)

WRONG = {
    "no table": ((dataclasses.replace(SHOWS, name="moods"),), "moods has no table; add Table"),
    "scope": ((dataclasses.replace(SHOWS, scope="user-read-moods"),), "add it to SCOPES"),
    "twice": ((SHOWS, SHOWS), "declared twice"),
    "child before its parent": ((EPISODES, SHOWS), "move the line of episodes below the line of saved_shows"),
    "parent that is not there": ((EPISODES,), "parent saved_shows, which is not declared before it"),
    "placeholder without a parent": ((dataclasses.replace(EPISODES, parent=None),), r"add parent=Parent\(...\)"),
    "placeholder of another name": (
        (SHOWS, dataclasses.replace(EPISODES, path="shows/{id}/episodes")),
        "give both the same names",
    ),
    "reads_table without a table": (
        (SHOWS, dataclasses.replace(EPISODES, parent=dataclasses.replace(OF_SHOW, reads_table="show_reads"))),
        "add Table",
    ),
}


@pytest.mark.parametrize(("resources", "message"), WRONG.values(), ids=WRONG)
def test_the_message_about_a_wrong_declaration_says_how_to_correct_it(
    resources: tuple[Resource, ...], message: str
) -> None:
    with pytest.raises(BadDeclaration, match=message):
        checked(resources, TABLES, SCOPES)


def test_a_child_below_any_parent_is_one_declaration() -> None:
    assert checked((SHOWS, EPISODES), TABLES, SCOPES) == (SHOWS, EPISODES)
    element = {"added_at": "2026-11-01T00:00:00Z", "show": {"id": "s1", "total_episodes": 12}}
    assert OF_SHOW.values(element) == {"show_id": "s1", "total_episodes": "12"}


def test_fields_of_a_parent_are_texts_and_whole_numbers() -> None:
    assert OF_SHOW.values({"show": {"id": ["s1"], "total_episodes": 12.0}}) == {"show_id": "", "total_episodes": "12"}
    assert OF_SHOW.values({"show": []}) == {"show_id": "", "total_episodes": ""}


def test_every_scope_of_a_resource_is_requested_by_the_login() -> None:
    assert {resource.scope for resource in RESOURCES} - {None} <= set(SCOPES)
