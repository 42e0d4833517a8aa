"""An invented listener behind a loopback Web API; reached by HTTP alone, imported by nothing."""
