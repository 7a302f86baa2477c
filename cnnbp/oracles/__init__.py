"""THE WITNESSES: independent ways to the same answer. They return numbers, judge nothing, and never see a layer."""
