"""The answer: three subjects, a headline each."""
