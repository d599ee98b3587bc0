"""The results pages: what a template needs, as frozen values."""
