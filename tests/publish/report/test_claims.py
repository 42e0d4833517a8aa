"""What the pages claim, and what they leave out because the data does not tell."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.report import known, page, recap, share
from orchestration.publish.report.marts import Marts
from orchestration.publish.report.sections import (
    calendar,
    discoveries,
    hours_of_week,
    playlists,
    podcasts,
    skips,
    streaks,
    top,
    years,
)
from tests.publish.report import marts

Listener = Callable[..., Marts]
FIRST, LAST = dt.date(2025, 3, 1), dt.date(2026, 4, 30)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    """Makes the marts of an invented listener, and then runs statements that change them."""
    with ExitStack() as stack:

        def make(*statements: str, first: dt.date = FIRST, last: dt.date = LAST) -> Marts:
            db = stack.enter_context(duckdb.connect(str(marts.listener(tmp_path / "marts.duckdb", first, last))))
            found = Marts(db)
            for statement in statements:
                db.execute(statement)
            return found

        yield make


@pytest.mark.parametrize("status", ["gap", "unknown", "in part", "polled"])
def test_a_day_without_plays_is_silence_only_where_all_plays_are_known(listener: Listener, status: str) -> None:
    found = listener(
        "update fct_coverage_days set status = 'complete'",
        "delete from listening_by_day where played_on between '2026-02-01' and '2026-02-05'",
        f"update fct_coverage_days set status = '{status}' where day between '2026-02-02' and '2026-02-05'",
    )
    heard = found.row("select count(*) as days from listening_by_day where year(played_on) = 2026")["days"]
    section = calendar.of_year(found, 2026)
    silent = 120 - 4 - heard
    assert f"on {heard} of {heard + silent} known days" in section.title
    assert "4 days are not known" in section.covers
    assert section.picture.count('<td class="not-known"') == 4
    assert section.picture.count('<td class="h0"') == silent
    assert section.picture.count("<td></td>") == 365 - 120


def test_a_calendar_without_unknown_days_does_not_speak_of_them(listener: Listener) -> None:
    section = calendar.of_year(listener("update fct_coverage_days set status = 'complete'"), 2026)
    assert "of 120 days" in section.title
    assert "not known" not in section.covers + section.picture


def year_in_words(found: Marts, year: int) -> str:
    """What the header of a year's page and both pictures of it say."""
    facts = recap.of(found, year)
    tiles = [f"{tile.value} {tile.name} {tile.more}" for tile in (*facts.tiles, *facts.moments)]
    return "\n".join([facts.subtitle, *tiles, *(share.drawing(facts, shape) for shape in share.SHAPES)])


def test_new_artists_are_counted_from_the_second_known_year_on(listener: Listener) -> None:
    found = listener("update recaps set new_artists = 3")
    assert "of them new" not in year_in_words(found, 2025)
    assert year_in_words(found, 2026).count("3 of them new") == 3
    assert 'aria-label="2025: 7 artists"' in discoveries.section(found).picture


def test_no_new_artist_is_not_worth_a_word(listener: Listener) -> None:
    assert "of them new" not in year_in_words(listener("update recaps set new_artists = 0"), 2026)


def test_the_show_of_the_year_is_the_first_of_the_shows(listener: Listener) -> None:
    """The second show has the most hours."""
    found = listener("update top_lists set hours = 999 where item_type = 'show' and place = 2")
    shows = re.findall(r"<li.*?</li>", podcasts.of_year(found, 2026).picture)
    first = found.row("select item_name, plays from top_lists where item_key = 'show1' and time_range = '2026'")
    assert first["item_name"] in shows[0]
    assert f"<b>{first['plays']:,}</b>" in shows[0]
    assert "999 hours" in shows[1]


def test_pages_say_what_a_play_is_by_the_rule_in_use(listener: Listener) -> None:
    found = listener()
    files = page.contents(found, "UTC", "")
    for name in ("index.html", "2026.html"):
        header = files[name]().decode().partition("</header>")[0]
        assert "A play here: heard for 30 seconds or more." in header
        assert "heard to the end" not in header


def test_skips_count_starts(listener: Listener) -> None:
    section = skips.of_year(listener(), 2026)
    assert "tracks were started 700 times. Short plays are among them" in section.covers
    assert "<small><bdi>started 100 times</bdi></small>" in section.picture
    assert not re.search(r"\d plays", section.picture)


@pytest.mark.parametrize(("days", "title"), [(27, "Most hours so far"), (28, "Fullest hour")])
def test_a_habit_needs_four_weeks_of_days_with_plays(listener: Listener, days: int, title: str) -> None:
    found = listener(
        f"delete from listening_by_day where played_on not in (from (select played_on from listening_by_day "
        f"where year(played_on) = 2026 order by played_on limit {days}))",
    )
    habit = re.compile(r"[A-Z]\w+days at \d+:00")
    for section in (hours_of_week.section(found), hours_of_week.of_year(found, 2026)):
        assert section.title.startswith(title)
        assert bool(habit.search(section.title)) == (days == 28)
        assert ("too few to show a habit" in section.covers) == (days == 27)
    for shape in share.SHAPES:
        assert bool(habit.search(share.drawing(recap.of(found, 2026), shape))) == (days == 28)


def test_the_fullest_hour_is_an_hour_of_a_weekday(listener: Listener) -> None:
    found = listener()
    assert "Fullest hour: " in share.drawing(recap.of(found, 2026), "wide")
    assert hours_of_week.of_year(found, 2026).title.startswith("Fullest hour in 2026: ")


def test_sentences_begin_with_a_capital_letter(listener: Listener) -> None:
    """Hours of which under 1 % are estimates and podcasts."""
    found = listener(
        "update listening_by_month set hours_estimated = hours / 500, hours_of_episodes = hours / 500",
        "update fct_coverage_days set status = 'complete' where day > '2025-03-09'",
    )
    texts = [" ".join(known.notes(found, 1000, 2)), years.section(found).covers, podcasts.section(found).title]
    for text in texts:
        assert "Under 1\u00a0%" in text
        assert not re.search(r"(^|[.] )[a-z]", text)


def test_an_item_without_a_name_has_no_title(listener: Listener) -> None:
    found = listener("update top_lists set item_name = null where place = 2")
    assert "(no title)" in top.of_year(found, 2026).picture
    assert "(no title)" in share.drawing(recap.of(found, 2026), "portrait")


def test_the_header_names_the_days_that_its_note_counts(listener: Listener) -> None:
    """The last poll was two days after the last play."""
    found = listener(
        "insert into fct_coverage_days by name from (select unnest([date '2026-05-01', date '2026-05-02']) as day, "
        "'complete' as status, 0 as plays)"
    )
    header = page.contents(found, "UTC", "")["index.html"]().decode().partition("</header>")[0]
    assert "1 March 2025 to 2 May 2026" in header
    assert f"of {(dt.date(2026, 5, 2) - FIRST).days + 1} days," in header


def test_a_picture_draws_no_column_for_months_without_data(listener: Listener) -> None:
    """In 2025 the data begins in March, and April has no hours. In 2026 it ends in April."""
    found = listener("delete from listening_by_month where month_start = '2025-04-01'")
    for year, months in ((2025, 10), (2026, 4)):
        for shape in share.SHAPES:
            drawn = share.drawing(recap.of(found, year), shape)
            assert len(re.findall(r'<rect [^>]*rx="', drawn)) == months
            assert len(re.findall(r">[JFMASOND]</text>", drawn)) == 12


def test_each_name_of_a_line_keeps_its_own_direction(listener: Listener) -> None:
    name = "שלום & <b>"
    found = listener(
        f"update top_lists set item_name = '{name}', creator = '{name}'",
        f"update dim_playlists set playlist_name = '{name}'",
        f"update dim_tracks set primary_artist_name = '{name}'",
        f"update recaps set top_artist = '{name}'",
    )
    isolated = "<bdi>שלום &amp; &lt;b&gt;</bdi>"
    assert f"<small>{isolated} · {isolated}</small>" in playlists.section(found).picture
    assert str(top.of_year(found, 2026).title).startswith(f"{isolated}: ")
    text = page.contents(found, "UTC", "")["2026.html"]().decode()
    assert f" hours with {isolated} and 6 other artists</p>" in text
    assert re.search(r'name="description" content="\d+ hours with שלום &amp; &lt;b&gt; and 6 other artists"', text)
    assert f"{isolated}: " in text.partition("</h2>")[0]


def test_sentences_say_what_they_mean(listener: Listener) -> None:
    found = listener("update fct_coverage_days set status = 'polled'")
    assert known.notes(found, 1, 0) == ["Plays may be missing. An extended export shows all of them."]
    assert "Half of the sessions are shorter than the usual session" in streaks.section(found).covers
    assert "in your top 100 of 2 different years" in discoveries.section(found).picture
    assert "the day of the first read without it" in playlists.section(found).covers
    assert "Spotify does not say how it orders them" in top.section(found).covers
