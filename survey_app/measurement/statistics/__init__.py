"""Statistics without a word of the domain: arrays in, frozen results out; each function names its source."""
