"""One family of errors. Every message names what the user sees, what was found and what would do."""


class ShipworthyError(Exception):
    """Base of all errors that Shipworthy raises on purpose."""


class InputError(ShipworthyError):
    """What somebody typed, uploaded or wrote in a file cannot be used as it stands."""


class EstimateError(InputError):
    """A range, a spread, a chance or a correlation that no distribution can have."""
