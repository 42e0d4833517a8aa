"""The demo account's data: what exists, what the listener saved and played. It knows no HTTP and no JSON."""
