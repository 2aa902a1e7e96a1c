"""Measurements: each script brings a site of its own in a temporary directory."""
