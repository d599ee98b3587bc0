"""The roster: who is asked."""
