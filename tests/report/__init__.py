"""The page, read as a stranger would: what it says, what it must never say, and what it asks of nobody."""
