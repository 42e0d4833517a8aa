"""What every source that reads over HTTP needs: retries, a budget of calls, rate-limit locks, prefetching."""
