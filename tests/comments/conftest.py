"""Property tests of the pure modules are not timed: how busy the machine is proves nothing."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
