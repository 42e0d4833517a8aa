"""`python -m tests.simulators.athena` serves until Ctrl-C and prints the environment for programs."""

import signal

from tests.simulators.athena.cloud import started

with started() as cloud:
    for name, value in cloud.environment.items():
        print(f"export {name}={value}")
    print("# Ctrl-C stops it", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
