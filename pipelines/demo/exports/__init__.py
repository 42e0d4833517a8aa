"""The account data export of the demo account: every play, in the files that Spotify would send."""
