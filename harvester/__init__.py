"""What we know about the annual reports on government information disclosure: pure functions and data."""

__version__ = "0.1.0"
