"""Imports are run as the tests of interchange run them."""

from tests.interchange.conftest import bring

__all__ = ["bring"]
