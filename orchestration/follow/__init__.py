"""Polls recently played while somebody listens, with a call budget of its own.

`poll.poll(settings, now, session)` is the function for a scheduler that starts every few minutes. It decides whether a
poll is due, and `loop.follow` calls it at home.
"""
