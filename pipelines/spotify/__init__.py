"""What we read from a Spotify account, and how."""
