"""What comes of a wave: results, documents, comments, rows, verification."""
