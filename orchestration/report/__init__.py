"""What the user sees of a run: its record, the summary, the terminal."""
