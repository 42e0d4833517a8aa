"""The order of things: load, build, publish; the verbs, and what they print."""
