"""The episodes of saved shows: a show is read again when it has another number of episodes, newest first."""

from tests.account import Account, report

PAGE = 50


def episodes_asked(account: Account) -> dict[str, int]:
    """Requests for the episodes of each show, in the last run."""
    asked = account.asked().items()
    return {path.split("/")[1]: count for path, count in asked if path.startswith("shows/")}


def episodes_kept(account: Account) -> dict[str, int]:
    """How many episodes of each show the lake has."""
    return dict(account.query("select show_id, count(distinct episode_id) from {show_episodes} group by show_id"))


def test_a_show_is_read_once_and_then_only_to_its_last_known_episode(account: Account) -> None:
    account.load()
    first = episodes_kept(account)
    assert first.keys() == account.current_keys("saved_shows")
    assert episodes_asked(account) == {show: -(-count // PAGE) for show, count in first.items()}
    assert max(first.values()) > PAGE

    loaded = account.load()
    assert episodes_asked(account) == {}
    assert report(loaded, "show_episodes").outcome == "not due"

    # Every show of the demo account publishes once a week.
    account.demo_server.clock(days=7)
    loaded = account.load()
    later = episodes_kept(account)
    assert {show: later[show] for show in first} == {show: count + 1 for show, count in first.items()}
    asked = episodes_asked(account)
    assert {show: asked[show] for show in first} == dict.fromkeys(first, 1)
    assert report(loaded, "show_episodes").outcome == "read"
