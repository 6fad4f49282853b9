"""``python -m shipworthy.serve``: serve with what the environment says, without a command line."""

import os
import sys

from shipworthy.errors import ShipworthyError
from shipworthy.serve import DEFAULT_PORT, serve


def main() -> int:
    """Serve on ``SHIPWORTHY_PORT`` with ``SHIPWORTHY_TOKEN``; the exit code says whether it could."""
    if len(sys.argv) > 1:
        print("This takes no arguments; `shipworthy serve --help` shows the command that does.", file=sys.stderr)
        return 2
    try:
        serve(
            int(os.environ.get("SHIPWORTHY_PORT", DEFAULT_PORT)),
            open_browser=False,
            token=os.environ.get("SHIPWORTHY_TOKEN", ""),
        )
    except ShipworthyError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
