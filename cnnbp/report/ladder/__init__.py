"""The step of a finite difference."""
