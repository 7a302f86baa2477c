"""The tests of the layers, file by file, against loops, polynomials and PyTorch; no tolerances."""
