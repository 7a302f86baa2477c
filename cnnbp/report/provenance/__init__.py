"""Where the page comes from, and how to check it again."""
