"""Reference tables: a CSV file each beside this code, loaded once, on first use. Prices are in ``reference.prices``."""

from shipworthy.reference.loader import CHECKED, Row, Table, load, names

__all__ = ["CHECKED", "Row", "Table", "load", "names"]
