"""Reports that an office signs and hands on: one model of words, tables and bars, and a writer for each file format."""
