"""The plays that the listener does not want to count: a CSV file, given to dbt as a variable.

dbt's own seeds are not used: on Athena a seed needs Hive DDL, and the file in the repository would hold personal data.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.settings import BadSetting, Settings

COLUMNS = ("artist", "track", "from", "until")
DAY = dt.timedelta(days=1)
# What Spotify's programs copy: a URI or a link to a track or an artist.
LINK = re.compile(r"(spotify:|https://open\.spotify\.com/(intl-\w+/)?)(track|artist)[:/](?P<id>\w+)")
# A day or a minute, as `2026-01-31` or `2026-01-31 22:30`.
LENGTH_OF_DAY = 10
# dbt sends the rules as part of a statement, and Athena accepts 256 KiB.
MOST_RULES = 1000


def exclusions(settings: Settings) -> str:
    """The rules as JSON: a list of objects with `artist`, `track`, `from` and `until`; an empty text without a rule.

    Names are in lower case. Times are on the listener's clock: from `from` on, before `until`. A day given as `until`
    is excluded as a whole. Raises BadSetting, which names the file and the line.
    """
    file = settings.exclusions_file
    if not file.exists():
        if file.parent not in (settings.root / "data", settings.root / "data" / "demo"):
            raise BadSetting(f"EXCLUSIONS_FILE is {str(file)!r}, and there is no such file; correct the path")
        return ""
    try:
        rules = list(_rules(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadSetting(f"{file} cannot be read as CSV in UTF-8 ({error}); its first line is {_header()}") from None
    if len(rules) > MOST_RULES:
        raise BadSetting(f"{file} has {len(rules)} rules; a build accepts {MOST_RULES}: exclude artists, not tracks")
    return json.dumps(rules, ensure_ascii=False) if rules else ""


def _rules(file: Path) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    if [name.strip() for name in reader.fieldnames or ()] != list(COLUMNS):
        raise BadSetting(f"the first line of {file} is not {_header()}; write it so")
    reader.fieldnames = list(COLUMNS)
    for row in reader:
        where = f"line {reader.line_num} of {file}"
        if None in row or None in row.values():
            raise BadSetting(f"{where} has not {len(COLUMNS)} values; put a value with a comma into double quotes")
        values = {name: row[name].strip() for name in COLUMNS}
        if any(values.values()):
            yield _rule(values, where)


def _rule(values: Mapping[str, str], where: str) -> dict[str, str]:
    from_, until = _time(values["from"], where), _time(values["until"], where)
    if until and len(values["until"]) == LENGTH_OF_DAY:
        until += DAY
    if from_ and until and from_ >= until:
        raise BadSetting(f"{where} ends before it begins; exchange `from` and `until`")
    return {
        "artist": _name(values["artist"]),
        "track": _name(values["track"]),
        "from": _text(from_),
        "until": _text(until),
    }


def _name(written: str) -> str:
    """A name in lower case. Of a URI or a link only the id counts, and case makes a difference there."""
    link = LINK.match(written)
    return link["id"] if link else written.lower()


def _time(written: str, where: str) -> dt.datetime | None:
    if not written:
        return None
    try:
        time = dt.datetime.fromisoformat(written)
    except ValueError:
        time = None
    if time is None or time.tzinfo:
        raise BadSetting(f"{where}: {written!r} is no time; write it as 2026-01-31 or 2026-01-31 22:30")
    return time


def _text(time: dt.datetime | None) -> str:
    return time.isoformat(" ", "milliseconds") if time else ""


def _header() -> str:
    return ",".join(COLUMNS)
