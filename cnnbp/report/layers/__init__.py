"""The layers by oracle."""
