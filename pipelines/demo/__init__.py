"""A demo account behind a loopback Web API; reached by HTTP alone, imported by nothing."""
