"""Starts the demo account: `python -m pipelines.demo --port 0 --now 2026-11-02T08:00:00Z`."""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import sys
import threading

import uvicorn

from pipelines.demo.clock import moment
from pipelines.demo.server import application
from pipelines.demo.world import Options, World


def main() -> None:
    """Serves on loopback until it is stopped; the first line on stdout is JSON and says where."""
    arguments = parse()
    options = Options(
        now=moment(arguments.now),
        seed=arguments.seed,
        size=arguments.size,
        playlists=arguments.playlists,
        playlist_items=arguments.playlist_items,
        mode=arguments.mode,
        latency_ms=arguments.latency_ms,
    )
    listening = loopback(arguments.port)
    host = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = application(World(options, base_url=host))
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        access_log=False,
        log_level="critical",
        proxy_headers=False,
    )
    sys.stdout.write(
        json.dumps({"api_url": f"{host}/v1", "accounts_url": host, "control_url": f"{host}/__control"}) + "\n"
    )
    sys.stdout.flush()
    if arguments.until_stdin_closes:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


def loopback(port: int) -> socket.socket:
    """A bound socket. It names TCP, as asyncio turns off Nagle's delay (40 ms a call) only for those that do."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(256)
    return listening


def end_with_stdin() -> None:
    """Ends the process when whoever started it is gone, however it went."""
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(0)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--now", default="2026-11-02T08:00:00Z", help="where the clock stands; it moves when told to")
    parser.add_argument("--size", type=int, default=400, help="saved tracks on 2026-11-02")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", choices=("development", "extended"), default="development")
    parser.add_argument("--latency-ms", type=float, default=0, help="waited before every answer")
    parser.add_argument("--playlists", type=int, default=12)
    parser.add_argument("--playlist-items", type=int, default=None, help="per playlist; 5 to 150 when left out")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started this one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
