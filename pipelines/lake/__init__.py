"""The Parquet lake: where it is, what it holds, how it is kept."""
