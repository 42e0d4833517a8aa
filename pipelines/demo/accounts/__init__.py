"""The accounts service: consents, tokens and their rules."""
