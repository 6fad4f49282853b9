"""The record: an assessment as one HTML file that carries its decision inside it, and back.

make(assessment, made_at=...)   the file's text
open_record(text)               the decision inside a record
open_any(text)                  the decision in a record or in a decision's JSON
sniff(text)                     which of the two a text is
"""

from shipworthy.record.opening import Opened, open_any, open_record, sniff
from shipworthy.record.page import make

__all__ = ["Opened", "make", "open_any", "open_record", "sniff"]
