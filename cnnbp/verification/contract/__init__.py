"""The contract: what a layer owes beyond right numbers. Each point asks the layer again in another way, and wants the same answer.

`trial` is what every point is given; the points are in `repeated`, `remembered`, `laid_out`, `linear` and `sampled`; `points` has
them in their order, and what a waived or a broken one means for the others.
"""
