"""Beside other gradient checkers: what they see of the catalogue, as it was measured and kept."""
