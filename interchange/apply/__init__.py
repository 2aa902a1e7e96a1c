"""Stores records through the services of the apps, once and for all: `apply.run.Run`."""
