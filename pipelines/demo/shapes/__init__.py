"""The objects as the Web API shows them, in development mode and with extended quota."""
