"""The baseline of a first load: requests the same pages one after the other with spotipy and stores nothing."""

import sys

import requests
import spotipy

BOTH_KINDS = {"additional_types": "track,episode"}


def main(api_url: str, accounts_url: str, client_id: str, refresh_token: str) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}
    token = requests.post(f"{accounts_url}/api/token", data=form, timeout=20).json()["access_token"]
    client = spotipy.Spotify(auth=token)
    client.prefix = f"{api_url}/"

    client._get("me")
    follow(client, client._get("me/player/recently-played", limit=50))
    follow(client, client._get("me/tracks", limit=50))
    for name in ("albums", "shows", "episodes", "audiobooks"):
        follow(client, client._get(f"me/{name}", limit=50))
    follow(client, client._get("me/following", type="artist", limit=50))
    for kind in ("artists", "tracks"):
        for time_range in ("short_term", "medium_term", "long_term"):
            client._get(f"me/top/{kind}", time_range=time_range, limit=50)
    for playlist_id in follow(client, client._get("me/playlists", limit=50)):
        try:
            follow(client, client._get(f"playlists/{playlist_id}/items", limit=50, **BOTH_KINDS))
        except spotipy.SpotifyException:
            continue  # somebody else's playlist: its items are not shown


def follow(client: spotipy.Spotify, page: dict[str, object]) -> list[str]:
    """Request every page from the first on, and return the ids of the rows that have one."""
    ids: list[str] = []
    while page:
        inside = page.get("artists", page)
        assert isinstance(inside, dict)
        ids += [row["id"] for row in inside["items"] if row and "id" in row]
        page = client.next(inside) if inside["next"] else {}
    return ids


if __name__ == "__main__":
    main(*sys.argv[1:])
