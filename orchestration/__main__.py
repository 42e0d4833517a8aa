"""`python -m orchestration` is `spotify-elt`."""

from orchestration.cli import main

main()
