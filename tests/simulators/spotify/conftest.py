"""A client of the listener under test."""

import pytest
import spotipy

from tests.simulators.spotify.client import spotify
from tests.simulators.spotify.listener import Listener


@pytest.fixture
def client(listener: Listener) -> spotipy.Spotify:
    """spotipy with a token of the listener's own consent."""
    return spotify(listener)
