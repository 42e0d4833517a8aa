"""The account and the machines of these tests have their lake in a bucket."""

from tests.s3 import account, demo_server, machine, machines

__all__ = ["account", "demo_server", "machine", "machines"]
