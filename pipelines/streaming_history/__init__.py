"""The account data export as a source: files that Spotify sends on request. It needs no account."""
