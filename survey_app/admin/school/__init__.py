"""What a school sees of itself."""
