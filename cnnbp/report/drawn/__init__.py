"""What was drawn: which options the cases had."""
