"""Files for other programs: Parquet, CSV, SQLite, and the listens for ListenBrainz and Last.fm."""
