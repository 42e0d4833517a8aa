"""What every HTTP source needs: retries, a budget of calls, rate-limit locks."""
