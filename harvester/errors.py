"""What can go wrong, who raises it, and what becomes of the page."""

from __future__ import annotations


class HarvesterError(Exception):
    """Base of every error a user may see: its text is one line that names the thing and the mend."""


class Unreadable(HarvesterError):
    """Raised by a reader: the bytes are no document we can read. The page stays in the archive, its report is ``unreadable``."""


class NotSupported(Unreadable):
    """Raised by a reader for a format that is known but not read yet (or whose extra is not installed)."""


class UsageError(HarvesterError):
    """Raised by the front door for wrong usage: exit status 2."""


class RegistryError(UsageError):
    """Raised by the registry reader; names the file and the line number."""


class StorageError(HarvesterError):
    """Raised by storage: a locked, foreign or full database, an archive that cannot be written. Exit status 1."""
