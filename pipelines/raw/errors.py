"""How far an error of a source reaches: the whole run, or one resource."""


class RunEnded(Exception):
    """The run cannot read anything more. What was read before is kept."""


class ResourceStopped(Exception):
    """The read of one resource ends. The other resources are still read."""
