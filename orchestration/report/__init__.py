"""What a run did: one record, and how it is printed."""
