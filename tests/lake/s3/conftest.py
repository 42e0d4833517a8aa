"""The account and the machines of these tests have their lake in a bucket."""

from tests.s3 import account, listener, machine, machines

__all__ = ["account", "listener", "machine", "machines"]
