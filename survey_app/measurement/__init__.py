"""Measurement: answers → Tally → Estimate → index, interval, rank set. Pure: arrays in, frozen values out.

``method`` (the conventions) → ``scoring`` (what one answer is worth) → ``tally`` (what adds up) → ``estimate`` (one
school × audience) → ``suppression`` → ``composite`` → ``ranking``. Every formula is in ``docs/method.md``.
"""
