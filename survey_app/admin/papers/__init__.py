"""What a wave needs on paper."""
