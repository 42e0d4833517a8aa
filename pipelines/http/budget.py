"""How many requests a run made and may make."""

import threading
from collections import Counter

from pipelines.http.errors import BudgetSpent


class CallBudget:
    """Counts HTTP requests by endpoint and by resource; repeated requests count too. Threads may share one."""

    def __init__(self, max_calls: int | None = None) -> None:
        self.by_endpoint: Counter[str] = Counter()
        self.by_resource: Counter[str] = Counter()
        self._max_calls = max_calls
        self._lock = threading.Lock()

    def spend(self, endpoint: str, resource: str) -> None:
        """Count one request, before it is sent. Raises BudgetSpent when the run has made `max_calls` already."""
        with self._lock:
            if self._max_calls is not None and self.by_endpoint.total() >= self._max_calls:
                raise BudgetSpent(f"MAX_CALLS={self._max_calls} requests were made")
            self.by_endpoint[endpoint] += 1
            self.by_resource[resource] += 1
