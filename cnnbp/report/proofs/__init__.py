"""The proofs: layers on unknown numbers, grids, planted defects, all sizes with the kernel, the theorem."""
