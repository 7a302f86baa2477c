"""The derivation's own update trains a CNN for real, and PyTorch takes the same steps."""
