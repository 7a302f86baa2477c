"""The kinds of evidence, and the words of the page."""
