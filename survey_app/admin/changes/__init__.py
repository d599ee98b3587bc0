"""Changes of a wave that runs."""
