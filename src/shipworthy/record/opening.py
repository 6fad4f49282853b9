"""Opening a record again: the decision inside it, and whether it is still what was exported."""

from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Literal

from shipworthy._trigger_faults import problems
from shipworthy.considerations import open_text
from shipworthy.decision import MAX_BYTES, Decision
from shipworthy.errors import InputError
from shipworthy.record.embed import DOCUMENT_ID, NUMBERS_ID, canonical, fingerprint
from shipworthy.record.printed import Printed, parse

_CHOOSE = "choose a record (.html) or a decision (.json)"


@dataclass(frozen=True)
class Opened:
    """A decision from a file, what its reader should know about the file, in one sentence, and what a record printed."""

    decision: Decision
    warning: str | None = None
    printed: Printed | None = None
    doubts: tuple[str, ...] = ()
    """What of the decision cannot be used as it is, a sentence each: triggers that can never come true."""

    @property
    def said(self) -> str:
        """Everything that its reader should know about the file; empty where there is nothing."""
        return " ".join(filter(None, (self.warning, *(f"{each}." for each in self.doubts))))


def sniff(text: str | bytes) -> Literal["record", "decision"]:
    """Whether a text looks like a record or like a decision's JSON.

    >>> sniff("<!doctype html>..."), sniff('{"frame": {}}')
    ('record', 'decision')
    """
    start = text[:1000]
    if isinstance(start, bytes):
        start = start.decode("utf-8", "replace")
    return "record" if start.lstrip("\ufeff \t\r\n").startswith("<") else "decision"


def open_any(text: str | bytes) -> Opened:
    """The decision in a record or in a decision's JSON, fully checked.

    Raises
    ------
    InputError
        One sentence: what was found, what would do.
    """
    found = open_record(text) if sniff(text) == "record" else Opened(open_text(text))
    return replace(found, doubts=tuple(problems(found.decision)))


def open_record(text: str | bytes) -> Opened:
    """The decision inside a record, fully checked, with a warning where the file is not as it was exported.

    Raises
    ------
    InputError
        Where the file is too large, cut off, no record, or holds a decision that cannot be opened.
    """
    page = _decoded(text)
    blocks = _blocks(page, DOCUMENT_ID)
    if not blocks:
        if '<meta name="generator" content="Shipworthy' in page and not _whole(page):
            raise InputError("The record ends in the middle, as if cut off: export it again, or take another copy")
        raise InputError(f"No decision is inside this file, only exported records carry one: {_CHOOSE}")
    if len(blocks) > 1:
        raise InputError("The file holds more than one decision: open a record as it was exported")
    found, inside = blocks[0]
    if inside is None:
        raise InputError("The record ends in the middle, as if cut off: export it again, or take another copy")
    decision = open_text(inside)
    numbers = _blocks(page, NUMBERS_ID)
    printed = parse(numbers[0][1]) if len(numbers) == 1 and numbers[0][1] is not None else None
    warning = _warning(page, found, fingerprint(canonical(inside)))
    if warning is None and numbers and printed is None:
        warning = "The numbers that this record printed cannot be read, so what moved since then cannot be told."
    return Opened(decision, warning, printed)


def _decoded(text: str | bytes) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise InputError(f"The file has {size / 1e6:.0f} MB: a record has at most 8 MB")
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"The file is not text in UTF-8: {_CHOOSE}") from None


def _warning(page: str, written: str, computed: str) -> str | None:
    if written != computed:
        return (
            "This record was edited after it was exported: the decision inside it no longer fits its fingerprint. "
            "Compare it with the original before relying on it."
        )
    if not _whole(page):
        return "This record ends in the middle, as if cut off. The decision inside it is whole."
    return None


def _whole(page: str) -> bool:
    return page.rstrip()[-7:].lower() == "</html>"


def _blocks(page: str, name: str) -> list[tuple[str, str | None]]:
    """Fingerprint and text of every block of that id; None for the text where the file ends within it.

    From script element to script element, so that a hostile file costs no more than its length.
    """
    found: list[tuple[str, str | None]] = []
    start = page.find("<script")
    while start >= 0:
        end = page.find("</script", start)
        head = _Head(page[start : start + 500], name)
        if head.attributes.get("id") == name and head.attributes.get("type") == "application/json":
            inside = page[start + head.length : end] if end >= 0 else None
            found.append((head.attributes.get("data-sha256") or "", inside))
        start = page.find("<script", end) if end >= 0 else -1
    return found


class _Head(HTMLParser):
    """The first start tag of a text: its attributes and its length."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: dict[str, str | None] = {}
        self.length = 0
        if name in text:
            self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.length:
            self.attributes, self.length = dict(attrs), len(self.get_starttag_text() or "")
