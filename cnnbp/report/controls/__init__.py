"""The controls: layers with which the harness itself is tested."""
