"""The plays of the demo account, and what the tables make of the sources that tell of them."""
