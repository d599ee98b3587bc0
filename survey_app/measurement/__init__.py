"""Measurement: answers → Tally → Estimate → index, interval, rank set. Pure: arrays in, frozen values out.

``settings`` (the conventions) → ``scoring`` (what one answer is worth) → ``tally`` (what adds up) → ``estimate`` (one
school × audience) → ``suppression`` → ``composite_chart`` → ``ranking``. Every formula is in ``docs/method.md``.
"""

import os

# A tally is thousands of small matrix products. Threads would only wait for each other: on a busy machine with two
# cores they made it seven times slower. Whoever wants them sets the variable.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
