"""Proofs for all sizes: the layers' own index arithmetic runs on numbers that are not known, and a small kernel checks it."""
