"""Spellings of licences: what two ways of writing one name have in common, and the index of all that is known.

Upper and lower case, spaces, hyphens, quotation marks and brackets, the words licence, agreement and version, a
trailing dot or ``.0`` make no difference; everything else does.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from shipworthy.reference.loader import Row, load

_PREFIX = re.compile(r"^licen[cs]es?\s*[:=]\s*")
_URL = re.compile(r"^https?://(?:www\.)?")
_URL_END = re.compile(r"(?:/legalcode|/deed|\.html|\.txt)(?:\.[a-z-]{2,7})?/*$|/+$")
_WORDS = re.compile(r"\b(?:the|licen[cs]e[sd]?|agreement)\b")
_VERSION_WORD = re.compile(r"v(?:er(?:sion)?)?\.?\s*(?=\d)")
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_MARKS = dict.fromkeys(map(ord, " \t\r\n\f\v-_,:()[]\"'`“”‘’©®"))
_NUMBER = re.compile(r"[\d.]+")
_SEPARATORS = re.compile(r"[^\w.+]+|_")
_LIKENESS = 0.75
_MOST = 8


def fold(text: str) -> str:
    """What is left of a name once everything is gone in which spellings of it differ.

    >>> fold("Apache License, Version 2.0."), fold("apache2.0"), fold("GPLv3"), fold("llama-3.1")
    ('apache2', 'apache2', 'gpl3', 'llama3.1')
    """
    text = unicodedata.normalize("NFKC", text).casefold().strip().translate(_DASHES)
    text = _PREFIX.sub("", text)
    if _URL.match(text):
        text = _URL_END.sub("", _URL.sub("", text))
    text = _VERSION_WORD.sub("", _WORDS.sub("", text))
    return _VERSION.sub(_without_zeros, text.rstrip(". ")).translate(_MARKS).rstrip(".")


@dataclass(frozen=True)
class Index:
    """The table ``licences`` by spelling."""

    rows: Mapping[str, Row]
    exact: Mapping[str, str]
    """Folded key, name, alias, SPDX or ScanCode id: the row that it means."""
    families: Mapping[str, tuple[str, ...]]
    """A folded spelling without its version: the rows that it may mean."""
    words: Mapping[str, frozenset[str]]
    """Row: all words of its spellings."""
    general: frozenset[str]
    """Rows that are a licence with an SPDX id of its own, not one product under it."""

    def suggestions(self, text: str) -> tuple[str, ...]:
        """Rows that the text may have meant: other versions, rows with all of its words, near spellings."""
        folded = fold(text)
        if folded in self.exact:
            return (self.exact[folded],)
        family = self.families.get(_NUMBER.sub("", folded), ())
        if family:
            return family[:_MOST]
        wanted = _words(text)
        found = [key for key, words in self.words.items() if wanted and wanted <= words]
        if found:
            return tuple(found[:_MOST])
        close = difflib.get_close_matches(folded[:80], self.exact, n=_MOST, cutoff=_LIKENESS)
        return tuple(dict.fromkeys(self.exact[name] for name in close))[:4]


@cache
def index() -> Index:
    """The index, built on first use.

    >>> index().exact["ccbync4"], index().suggestions("llama")[:2]
    ('cc-by-nc-4.0', ('llama-1', 'llama-2'))
    """
    rows = load("licences").rows
    exact: dict[str, str] = {}
    general: set[str] = set()
    for key, row in rows.items():
        for spelling in own_spellings(row):
            exact.setdefault(fold(spelling), key)
    for key, row in rows.items():  # an id that several rows carry belongs to the first: the licence itself
        for column in ("spdx", "scancode"):
            if row.text(column) and exact.setdefault(fold(row.text(column)), key) == key and column == "spdx":
                general.add(key)
    families: dict[str, list[str]] = {}
    for folded, key in exact.items():
        stem = _NUMBER.sub("", folded)
        if stem and stem != folded:
            families.setdefault(stem, []).append(key)
    order = list(rows)
    return Index(
        rows,
        exact,
        {stem: tuple(sorted(set(keys), key=order.index)) for stem, keys in families.items()},
        {key: frozenset().union(*map(_words, own_spellings(row))) for key, row in rows.items()},
        frozenset(general),
    )


def own_spellings(row: Row) -> Iterable[str]:
    """Key, name and aliases of a row: these mean it and no other."""
    return (row.key, row.text("name"), *filter(None, row.text("aliases").split(";")))


def _without_zeros(version: re.Match[str]) -> str:
    parts = version[0].split(".")
    while len(parts) > 1 and not parts[-1].strip("0"):
        parts.pop()
    return ".".join(parts)


def _words(text: str) -> frozenset[str]:
    plain = _WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return frozenset(word for word in _SEPARATORS.split(plain) if word)
