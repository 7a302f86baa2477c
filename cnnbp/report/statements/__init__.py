"""The derivation, statement by statement."""
