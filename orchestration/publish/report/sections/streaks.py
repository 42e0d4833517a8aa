"""Days in a row, and sessions: listening without a longer pause."""

from orchestration.publish.report import charts, words
from orchestration.publish.report.charts import Column, Columns
from orchestration.publish.report.lists import Bar, Bars, lists
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "streaks", "Streaks and sessions"
STREAKS = """
select started_on, ended_on, days, plays, hours, is_latest
from streaks
order by days desc, started_on desc
limit 10
"""
LENGTHS = """
select
    case
        when hours < 0.25 then 0
        when hours < 0.5 then 1
        when hours < 1 then 2
        when hours < 2 then 3
        when hours < 4 then 4
        else 5
    end as length,
    count(*) as sessions,
    sum(hours) as hours
from sessions
group by all
order by all
"""
LONGEST = """
select started_at_local, hours, plays, artists, median(hours) over () as usual
from sessions
order by hours desc nulls last
limit 10
"""
NAMES = ("under 15 min", "15 to 30 min", "30 to 60 min", "1 to 2 h", "2 to 4 h", "4 h and more")
SHORT = ("<¼ h", "<½ h", "<1 h", "<2 h", "<4 h", "4 h+")


def section(marts: Marts) -> Section:
    streaks, lengths, longest = marts.rows(STREAKS), marts.rows(LENGTHS), marts.rows(LONGEST)
    if not streaks or not longest:
        return nothing_yet(NAME, LABEL, "The first play fills this section.", STREAKS, LENGTHS, LONGEST)
    best = streaks[0]
    usual = words.in_hours(longest[0]["usual"])
    in_a_row = f"{words.number(best['days'])} days in a row, and a usual session of {usual}"
    return Section(
        NAME,
        LABEL,
        in_a_row if best["days"] > 1 else f"A usual session lasts {usual}",
        charts.picture(
            "Sessions by their length",
            "sessions, by the hours heard in them",
            {"sessions": "var(--c1)"},
            _columns(lengths, NAMES),
            _columns(lengths, SHORT),
        )
        + lists([_streaks(streaks), _sessions(longest)]),
        covers="A session ends when nothing is played for 30 minutes (the variable session_gap_minutes). Half of the "
        "sessions are shorter than the usual session, and half are longer. A streak counts days with a play.",
        numbers=(
            Numbers(
                "Sessions by length",
                ("length", "sessions", "hours"),
                [(NAMES[row["length"]], row["sessions"], row["hours"] or 0.0) for row in lengths],
            ),
            Numbers(
                "The longest streaks",
                ("from", "to", "days", "plays", "hours"),
                [
                    (
                        words.day(row["started_on"]),
                        words.day(row["ended_on"]),
                        row["days"],
                        row["plays"],
                        row["hours"] or 0.0,
                    )
                    for row in streaks
                ],
            ),
        ),
        queries=(STREAKS, LENGTHS, LONGEST),
    )


def _columns(lengths: list[Row], names: tuple[str, ...]) -> Columns:
    known = {row["length"]: row["sessions"] for row in lengths}
    columns = [
        Column(
            name, "sessions", known.get(length, 0), f"{NAMES[length]}: {words.counted(known.get(length), 'session')}"
        )
        for length, name in enumerate(names)
    ]
    return Columns(columns, {name: name for name in names})


def _streaks(rows: list[Row]) -> Bars:
    bars = [
        Bar(
            f"{words.day(row['started_on'])} to {words.day(row['ended_on'])}"
            if row["days"] > 1
            else words.day(row["started_on"]),
            ["the newest one" if row["is_latest"] else None],
            words.number(row["days"]),
            row["days"],
        )
        for row in rows[:5]
    ]
    return Bars("Longest streaks", "days", bars)


def _sessions(rows: list[Row]) -> Bars:
    bars = [
        Bar(
            f"{words.weekday(row['started_at_local'])} {words.day(row['started_at_local'])}",
            [f"from {row['started_at_local']:%H:%M}, {words.counted(row['plays'], 'play')}"],
            words.hours(row["hours"]),
            row["hours"] or 0,
        )
        for row in rows[:5]
    ]
    return Bars("Longest sessions", "hours", bars)
