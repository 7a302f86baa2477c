"""One matrix: zeros and shared weights."""
