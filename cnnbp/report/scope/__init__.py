"""What the run does not cover."""
