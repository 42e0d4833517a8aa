"""A client of the listener under test."""

import pytest
import spotipy

from tests.demo.client import spotify
from tests.listener import Listener


@pytest.fixture
def client(listener: Listener) -> spotipy.Spotify:
    """spotipy with a token of the listener's own consent."""
    return spotify(listener)
