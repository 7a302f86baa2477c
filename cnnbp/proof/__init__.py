"""What holds for all inputs at a shape, for all shapes, or with what probability it does not: the same layers, unknown numbers."""
