"""Spotify's objects as rows of the raw tables."""
