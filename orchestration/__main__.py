"""`python -m orchestration` is the command `spotify-elt`."""

from orchestration.cli import main

main()
