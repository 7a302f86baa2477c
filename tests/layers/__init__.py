"""The tests of the layers on trial, file by file. The witnesses here are loops, polynomials and PyTorch; no tolerances."""
