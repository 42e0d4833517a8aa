"""The routes of the Web API that this project calls."""
