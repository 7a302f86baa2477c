"""The masked network as a theorem, for a reader who knows the rule of the perceptron."""
