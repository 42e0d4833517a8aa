"""A client of the demo server under test."""

import pytest
import spotipy

from tests.simulators.spotify.client import spotify
from tests.simulators.spotify.demo_server import DemoServer


@pytest.fixture
def client(demo_server: DemoServer) -> spotipy.Spotify:
    """spotipy with a token of the listener."""
    return spotify(demo_server)
