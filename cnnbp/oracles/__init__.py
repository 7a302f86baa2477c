"""Independent ways to the same answer. Oracles return numbers, judge nothing, and never see a layer."""
