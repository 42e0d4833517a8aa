"""`python -m tests.simulators.athena`: the server by hand, until Ctrl-C; prints the environment that finds it."""

import signal

from tests.simulators.athena.cloud import started

with started() as cloud:
    for name, value in cloud.environment.items():
        print(f"export {name}={value}")
    print("# Ctrl-C stops it", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
