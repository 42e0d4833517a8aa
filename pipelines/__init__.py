"""Extract and load: from Spotify to a Parquet lake."""
