"""Whatever failed, a card each, before anything else."""
