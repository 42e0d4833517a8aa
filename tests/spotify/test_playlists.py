"""Playlists: every run reads the list; the items of a playlist are read only when its snapshot has changed."""

from collections.abc import Callable

import pytest

from tests.account import Account, report


def first_playlist(account: Account) -> str:
    """The id of one playlist that was read; always the same one for an account."""
    found = account.query("select playlist_id from {playlist_snapshots} where outcome = 'read' order by 1 limit 1")
    return str(found[0][0])


def snapshots(account: Account, playlist: str) -> list[tuple[str, int | None, int | None]]:
    rows = account.rows("playlist_snapshots", f"playlist_id = '{playlist}'")
    return [(row["outcome"], row["http_status"], row["items_total"]) for row in rows]


def test_every_position_of_a_playlist_becomes_a_row_even_without_an_item(account: Account) -> None:
    account.load()
    playlist = first_playlist(account)
    for item in ("null", "local", "episode", "track", "track"):
        account.demo_server.mutate("add_item", playlist=playlist, item=item)
    account.load()
    newest = account.rows("playlist_snapshots", f"playlist_id = '{playlist}'")[-1]
    rows = account.rows("playlist_items", f"snapshot_id = '{newest['snapshot_id']}'")
    assert sorted(row["position"] for row in rows) == list(range(newest["items_total"]))
    added = {row["position"]: row for row in rows}
    null, local, episode, track, _ = (added[position] for position in range(len(rows) - 5, len(rows)))
    assert (null["item_type"], null["item_uri"], null["item_id"]) == (None, None, None)
    assert (local["is_local"], local["item_id"]) == (True, None)
    assert local["item_uri"].startswith("spotify:local:")
    assert (episode["item_type"], track["item_type"]) == ("episode", "track")
    assert episode["item_id"] in {row["episode_id"] for row in account.rows("episodes")}
    assert {local["item_uri"], track["item_uri"]} <= {row["track_uri"] for row in account.rows("tracks")}


def test_a_renamed_playlist_is_read_again_without_repeating_catalogue_rows(account: Account) -> None:
    account.load()
    playlist = account.demo_server.mutate("rename_playlist", playlist=first_playlist(account), description="other")[
        "id"
    ]
    loaded = account.load()
    assert account.items_asked() == {playlist: 1}
    assert report(loaded, "playlists").rows_new == 1
    assert {table for table, count in loaded.rows.items() if count} == {
        "playlists",
        "playlist_items",
        "playlist_snapshots",
        "resource_runs",
    }


def test_an_emptied_playlist_is_a_snapshot_without_items(account: Account) -> None:
    account.load()
    playlist = account.demo_server.mutate("empty_playlist", playlist=first_playlist(account))["id"]
    account.load()
    assert snapshots(account, playlist)[-1] == ("read", None, 0)
    account.load()
    assert account.items_asked() == {}


def test_a_removed_playlist_gets_a_tombstone_and_is_never_requested_again(account: Account) -> None:
    account.load()
    playlist = account.demo_server.mutate("remove_playlist", playlist=first_playlist(account))["id"]
    loaded = account.load()
    assert report(loaded, "playlists").rows_removed == 1
    assert account.items_asked() == {}
    assert playlist not in account.current_keys("playlists")
    assert playlist not in account.state()["resources"]["playlist_items"]["read"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_refused_playlist_is_requested_again_in_the_same_run_and_in_the_next(account: Account, status: int) -> None:
    account.load()
    playlist = first_playlist(account)
    account.demo_server.fault(f"/v1/playlists/{playlist}/items", status=status)
    account.demo_server.mutate("add_item", playlist=playlist)
    loaded = account.load()
    assert report(loaded, "playlist_items").outcome == "read"
    assert account.items_asked() == {playlist: 2}
    assert snapshots(account, playlist)[-1][:2] == ("refused", status)
    account.demo_server.no_faults()
    account.load()
    assert account.items_asked() == {playlist: 1}
    assert snapshots(account, playlist)[-1][0] == "read"


def test_refused_playlists_of_other_people_do_not_stop_the_resource(account: Account) -> None:
    loaded = account.load()
    assert report(loaded, "playlist_items").outcome == "read"
    refused = account.rows("playlist_snapshots", "outcome = 'refused'")
    assert {row["http_status"] for row in refused} == {403}
    account.load()
    assert account.items_asked() == {}


def test_a_playlist_that_changes_while_it_is_read_is_read_again(new_account: Callable[..., Account]) -> None:
    account = new_account(playlists=3, playlist_items=120)
    playlist = account.demo_server.mutate("rename_playlist", playlist=2)["id"]
    held = {"path": f"/v1/playlists/{playlist}/items", "calls": 2}
    account.demo_server.mutate("remove_item", playlist=playlist, index=0, when=held)
    account.load()
    assert [outcome for outcome, *_ in snapshots(account, playlist)] == ["unfinished"]
    account.load()
    assert account.items_asked() == {playlist: 3}
    assert snapshots(account, playlist)[-1] == ("read", None, account.rows("playlists")[-1]["items_total"])


def test_a_playlist_without_an_id_is_counted_and_the_others_are_read(account: Account) -> None:
    account.demo_server.mutate("poison", path="/v1/me/playlists", index=1, field="id", value=None)
    loaded = account.load()
    assert report(loaded, "playlists").outcome == "read"
    assert report(loaded, "playlists").rows_unkeyed == 1
    assert report(loaded, "playlist_items").outcome == "read"
    assert len(account.items_asked()) == len(account.current_keys("playlists"))


def test_a_failure_for_one_playlist_does_not_stop_the_others(new_account: Callable[..., Account]) -> None:
    account = new_account(size=20, playlists=3, playlist_items=20)
    account.load()
    for playlist in (0, 1, 2):
        account.demo_server.mutate("add_item", playlist=playlist)
    ids = list(account.state()["resources"]["playlist_items"]["read"])
    account.demo_server.fault(f"/v1/playlists/{ids[0]}/items", status=503)
    account.load()
    assert len(account.items_asked()) == 3
    account.demo_server.no_faults()
    account.load()
    assert account.items_asked() == {ids[0]: 1}
