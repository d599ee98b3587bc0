"""Comments: read with names and numbers covered, sorted by topics, and passed on only after somebody reviewed them."""
