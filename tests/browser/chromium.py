"""Finds the Chromium for the browser tests. As a program: says which, or ends with 1."""

import os
import shutil
import sys

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Nothing leaves the machine: whatever name is asked for, only loopback answers.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * 127.0.0.1:9, EXCLUDE 127.0.0.1",
]


def launch(playwright: Playwright) -> Browser:
    """The browser named in ``SHIPWORTHY_CHROMIUM``, a system's, or Playwright's own, whichever starts first."""
    named = os.environ.get("SHIPWORTHY_CHROMIUM")
    candidates = [named] if named else [*filter(None, map(shutil.which, NAMES)), None]
    failures = []
    for path in candidates:
        try:
            return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            failures.append(f"{path or 'Playwright’s own'}: {str(error).splitlines()[0]}")
    raise RuntimeError("No Chromium starts here. Run `make browser`, which gets one. Tried " + "; ".join(failures))


def main() -> int:
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"Chromium {browser.version}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
