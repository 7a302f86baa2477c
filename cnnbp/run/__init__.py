"""The run: everything on trial, in parallel tasks, into one evidence document."""
