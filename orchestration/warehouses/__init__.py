"""The engines that build the tables."""
