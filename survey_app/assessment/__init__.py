"""Assessment: the scheme by which a district turns indices into composites, ranks and marks."""
