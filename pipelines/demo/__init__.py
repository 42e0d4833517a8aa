"""A demo account behind a Web API on loopback. Programs reach it by URL only; nobody imports it."""
