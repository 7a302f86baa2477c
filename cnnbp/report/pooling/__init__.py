"""The residual through a pooling layer."""
