"""What can go wrong where decisions are kept, in words for the person at the screen."""

from __future__ import annotations

from datetime import datetime

from shipworthy.errors import InputError, ShipworthyError


class StoreError(ShipworthyError):
    """Base of everything the store raises on purpose."""


class NotFound(StoreError):
    """No decision, or no such revision, under this id; ``deleted_at`` says when it was deleted, if it was."""

    def __init__(self, message: str, deleted_at: datetime | None = None) -> None:
        super().__init__(message)
        self.deleted_at = deleted_at


class Conflict(StoreError):
    """Somebody saved in between. Save again with ``based_on=error.newest`` to put one's own state on top.

    Attributes
    ----------
    newest : int
        Number of the newest revision kept.
    saved_at : datetime
        When it was saved (UTC).
    author : str
        Who saved it, empty if they gave no name.
    sha256 : str
        Hash of its text, which tells whether it is what oneself tried to save.
    """

    def __init__(self, based_on: int, newest: int, saved_at: datetime, author: str, sha256: str) -> None:
        when = f"{saved_at:%Y-%m-%d} at {saved_at:%H:%M} UTC"
        if newest > based_on:
            what = f"{author or 'Somebody else'} saved this decision on {when}, after you opened it"
        else:
            what = f"The newest state that is kept is older than yours: revision {newest}, saved on {when}"
        super().__init__(f"{what}. Open that state, or keep yours on top; neither is lost.")
        self.newest = newest
        self.saved_at = saved_at
        self.author = author
        self.sha256 = sha256


class DocumentRefused(StoreError, InputError):
    """The document cannot be kept as it is (too large, not text); trying again does not help."""


class StoreUnavailable(StoreError):
    """The database cannot be used just now; ``reason`` is the short form of the message.

    Nothing is lost by trying again: the same store works once the trouble is over.
    """

    def __init__(self, what: str, reason: str, advice: str) -> None:
        super().__init__(f"{what}: {reason}. {advice}")
        self.reason = reason
