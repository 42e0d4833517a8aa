"""Fixtures of the tests of imports."""

from tests.streaming_history.lakes import lake

__all__ = ["lake"]
