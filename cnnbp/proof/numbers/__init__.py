"""Numbers that are not known: tags, elements of a differential field, and the walk that answers their comparisons."""
