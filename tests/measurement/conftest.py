"""Properties are looked for without a limit of time: a slow machine is no fault of a statistic."""

from hypothesis import settings

settings.register_profile("measurement", deadline=None)
settings.load_profile("measurement")
