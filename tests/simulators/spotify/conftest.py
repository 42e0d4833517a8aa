"""A client of the listener under test."""

import pytest
import spotipy

from tests.simulators.spotify.client import spotify
from tests.simulators.spotify.demo_server import DemoServer


@pytest.fixture
def client(demo_server: DemoServer) -> spotipy.Spotify:
    """spotipy with a token of the listener's own consent."""
    return spotify(demo_server)
