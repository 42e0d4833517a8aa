"""`python -m pipelines.demo export FOLDER`: the demo account's data export, as Spotify would send it."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipelines.demo.exports import one_year
from pipelines.demo.exports.archive import write_archive
from pipelines.demo.exports.files import files
from pipelines.demo.exports.generations import GENERATIONS, Generation
from pipelines.demo.exports.layouts import LAYOUTS, Record
from pipelines.demo.exports.records import heard, record
from pipelines.demo.world.clock import DAY, moment
from pipelines.demo.world.world import Options, World

ONE_YEAR = "one-year"
PDF = b"%PDF-1.4\n% An invented file, in the place of Spotify's explanation.\n"


def extended_files(world: World, generation: Generation, start: int, until: int) -> Iterator[tuple[str, bytes]]:
    """The files of an extended streaming history with the plays between two moments."""
    audio: list[Record] = []
    video: list[Record] = []
    for play in heard(world, start, until):
        (video if play.is_video else audio).append(record(play, world, generation))
    for name, records in files(audio, video, generation):
        yield name, LAYOUTS[generation.form](records)
    yield "ReadMeFirst_ExtendedStreamingHistory.pdf", PDF


def export(world: World, folder: Path, generation: str, start: int, until: int) -> Path:
    """Write the archive and return its path. `generation` is G1 to G6 or one-year."""
    path = folder / f"my_spotify_data_{generation}.zip"
    date = datetime.fromtimestamp(until // 1000, UTC).timetuple()[:6]
    if generation == ONE_YEAR:
        write_archive(path, one_year.FOLDER, one_year.files(world, start, until), date)
    else:
        found = GENERATIONS[generation]
        write_archive(path, found.folder, extended_files(world, found, start, until), date)
    return path


def main(given: Sequence[str]) -> None:
    """Write the archive that the command line describes, and print its path."""
    arguments = _parse(given)
    until = moment(arguments.until)
    start = moment(arguments.start) if arguments.start else until - 365 * DAY
    world = World(Options(until, arguments.seed, arguments.size, arguments.playlists))
    path = export(world, arguments.folder, arguments.generation, start, until)
    sys.stdout.write(f"{path}\n")


def _parse(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pipelines.demo export", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the archive is written")
    parser.add_argument("--generation", choices=(*GENERATIONS, ONE_YEAR), default="G6", help="which kind of export")
    parser.add_argument("--from", dest="start", help="the first day; default: a year before the end")
    parser.add_argument("--until", default="2026-11-02T08:00:00Z", help="the end, on the demo account's clock")
    for name, usual in (("seed", 1), ("size", 400), ("playlists", 12)):
        parser.add_argument(f"--{name}", type=int, default=usual, help="the same number as that of the demo server")
    return parser.parse_args(given)
