"""One record an operator: everything that the harness knows about it."""
