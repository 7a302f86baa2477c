"""The claims table: what is claimed, how strongly, and what it takes for granted."""
