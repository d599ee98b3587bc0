"""Exercises: what an installation must survive, done for real on this machine's loopback and measured."""
