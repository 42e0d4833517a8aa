"""Fixtures: in these tests, accounts and machines have their lake in a bucket."""

from tests.s3 import account, demo_server, machine, machines

__all__ = ["account", "demo_server", "machine", "machines"]
