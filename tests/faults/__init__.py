"""The catalogue: every fault is caught, no right layer fails."""
