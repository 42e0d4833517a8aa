"""The verbs of the command line that are neither a run nor part of a workflow."""
