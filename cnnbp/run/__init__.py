"""The run: every statement, layer and control in parallel tasks, into one evidence document."""
