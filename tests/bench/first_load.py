"""A first load of a large account: its seconds compared with a plain loop over the same pages, and its peak memory."""

import sys
import tempfile
from pathlib import Path

from tests.bench.subprocesses import ELT, PYTHON, Measured, measured, own_account
from tests.bench.table import Rows, echo, verdict
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

ACCOUNT = {"size": 10_000, "playlists": 100, "playlist_items": 100, "latency_ms": 30}
MOST_MB = 400


def first_load() -> Rows:
    """10,000 saved tracks, 100 playlists of 100 items, 30 ms a call. The server runs in another process."""
    with DemoServer(**ACCOUNT) as demo_server, tempfile.TemporaryDirectory() as folder:
        environment = own_account(Path(folder), demo_server)
        addresses = [demo_server.api_url, demo_server.accounts_url, CLIENT_ID, REFRESH_TOKEN]
        # The demo server computes a day at its first request. These requests keep that time out of both measurements.
        loop = [PYTHON, str(Path(__file__).with_name("plain_loop.py")), *addresses]
        echo("first load: the demo server's first answers")
        counted(demo_server, loop, environment)
        echo("first load: the plain loop")
        floor, floor_calls = counted(demo_server, loop, environment)
        echo("first load: spotify-elt extract")
        ours, our_calls = counted(demo_server, [ELT, "extract"], environment)
    ratio = ours.seconds / floor.seconds
    are_equal = our_calls == floor_calls
    return [
        ("calls", f"{our_calls}", f"plain loop {floor_calls}: {verdict(are_equal)}"),
        ("plain spotipy loop", f"{floor.seconds:.1f} s", f"{floor.cpu_seconds:.1f} s of processor"),
        ("spotify-elt extract", f"{ours.seconds:.1f} s", f"{ours.cpu_seconds:.1f} s of processor"),
        ("ratio", f"{ratio:.2f}", f"goal: under 1.00: {verdict(ratio < 1)}"),
        ("peak memory", f"{ours.peak_mb:.0f} MB", f"goal: under {MOST_MB} MB: {verdict(ours.peak_mb < MOST_MB)}"),
    ]


def counted(demo_server: DemoServer, command: list[str], environment: dict[str, str]) -> tuple[Measured, int]:
    """The measurements of a program, and the calls that the server got from it."""
    demo_server.forget_requests()
    figures = measured(command, environment)
    return figures, sum(demo_server.requests().values())


if __name__ == "__main__":
    sys.stdout.writelines(f"{' · '.join(row)}\n" for row in first_load())
