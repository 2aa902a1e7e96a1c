"""URL path converters."""


class Year:
    """Four digits from 1000 on."""

    regex = "[1-9][0-9]{3}"

    def to_python(self, value: str) -> int:
        """The year as a number."""
        return int(value)

    def to_url(self, value: int | str) -> str:
        """Four digits."""
        return f"{int(value):04}"


class Colour:
    """Six hexadecimal digits in lower case."""

    regex = "[0-9a-f]{6}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class Month(Year):
    """Two digits, 01 to 12, as WordPress writes them."""

    regex = "0[1-9]|1[0-2]"

    def to_url(self, value: int | str) -> str:
        """Two digits."""
        return f"{int(value):02}"
