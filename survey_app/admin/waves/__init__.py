"""The waves: set up, opened, watched while they run."""
