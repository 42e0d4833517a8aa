"""One warehouse for the tests of this folder."""

from tests.transform.conftest import warehouse

__all__ = ["warehouse"]
