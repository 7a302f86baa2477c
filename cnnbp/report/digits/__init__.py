"""A network on digits that nobody drew at random."""
