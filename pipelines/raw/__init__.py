"""What a raw table is, the contract made from it, and which rows are new or changed."""
