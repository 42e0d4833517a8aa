"""What the big numbers cover: of which days every play is known, and how many hours are estimates."""

from orchestration.publish.report import words
from orchestration.publish.report.marts import Marts

DAYS = """
select count(*) as days, count(*) filter (status = 'complete') as complete
from fct_coverage_days{where}
"""
RULE = "select meaning from play_definitions where is_used"
DAYS_WITH_PLAYS = "select count(*) as days from listening_by_day where plays > 0{where}"
# Four weeks: each weekday comes four times.
DAYS_OF_A_HABIT = 28


def shows_habits(marts: Marts, year: int | None = None) -> bool:
    """Have enough days a play, in a year or in all years, to say when the listener usually listens?"""
    where = f" and year(played_on) = {year}" if year else ""
    return bool(marts.row(DAYS_WITH_PLAYS.format(where=where))["days"] >= DAYS_OF_A_HABIT)


def of_a_play(marts: Marts) -> str:
    """What counts as a play, in a sentence."""
    return "".join(f"A play here: {row['meaning']}." for row in marts.rows(RULE))


def notes(marts: Marts, hours: float | None, estimated: float | None, year: int | None = None) -> list[str]:
    """Sentences about the numbers of all years, or of one."""
    found = []
    row = marts.row(DAYS.format(where=f"\nwhere year(day) = {year}" if year else ""))
    days, complete = row["days"], row["complete"]
    if days and complete == days:
        found.append(f"Every play of {'this day' if days == 1 else f'these {words.number(days)} days'} is known.")
    elif complete:
        found.append(
            f"Every play is known for {words.number(complete)} of {words.counted(days, 'day')}, not for the others."
        )
    elif days:
        found.append("Plays may be missing. An extended export shows all of them.")
    if estimated and hours:
        found.append(words.sentence(f"{words.share(estimated, hours)} of the hours are estimates."))
    return found
