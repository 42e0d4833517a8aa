"""The demo server: `python -m pipelines.demo --port 8900 --now 2026-11-02T08:00:00Z`.

`python -m pipelines.demo export FOLDER` writes the demo account's data export instead.
"""

import argparse
import asyncio
import contextlib
import json
import os
import pkgutil
import socket
import sys
import threading
from typing import Any

import uvicorn

from pipelines.demo.exports import export
from pipelines.demo.server import Application
from pipelines.demo.world.clock import moment
from pipelines.demo.world.world import Options, World


def main() -> None:
    """Serve on loopback until stopped. The first line on stdout is JSON with the addresses."""
    arguments = parse()
    options = Options(
        now=moment(arguments.now),
        seed=arguments.seed,
        size=arguments.size,
        playlists=arguments.playlists,
        playlist_items=arguments.playlist_items,
        mode=arguments.mode,
    )
    listening = loopback(arguments.port)
    host = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = Application(World(options, base_url=host))
    config = uvicorn.Config(
        arguments.mount(server) if arguments.mount else server.app,
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        access_log=False,
        log_level="critical",
        proxy_headers=False,
    )
    sys.stdout.write(json.dumps({"api_url": f"{host}/v1", "accounts_url": host}) + "\n")
    sys.stdout.flush()
    if arguments.until_stdin_closes:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


def loopback(port: int) -> socket.socket:
    """A bound socket. It names TCP, because asyncio switches off Nagle's delay (40 ms a call) only for such sockets."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(256)
    return listening


def end_with_stdin() -> None:
    """End this process when the process that started it has ended, even if it was killed."""
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(0)


def mount(name: str) -> Any:
    """The function that a `--mount` option names."""
    try:
        return pkgutil.resolve_name(name)
    except (ValueError, ImportError, AttributeError) as error:
        raise argparse.ArgumentTypeError(
            f"{name} does not name a function (package.module:function): {error}"
        ) from None


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--now", default="2026-11-02T08:00:00Z", help="the time on the demo account's clock")
    parser.add_argument("--size", type=int, default=400, help="saved tracks on 2026-11-02")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another listener")
    parser.add_argument("--mode", choices=("development", "extended"), default="development")
    parser.add_argument("--playlists", type=int, default=12)
    parser.add_argument("--playlist-items", type=int, default=None, help="items of each playlist; default: 5 to 150")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started this one")
    parser.add_argument("--mount", type=mount, help="a function that takes the server and returns the app to serve")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["export"]:
        export.main(sys.argv[2:])
    else:
        main()
