"""Serving: Voila over the notebooks' folder, with our own page, nothing fetched from elsewhere.

``serve`` runs until it is told to stop; ``workbooks_folder`` says where the notebooks lie. What is heavy (Voila,
tornado) is imported when serving starts, so that the rest of the package can ask for the folder for nothing.
"""

from pathlib import Path

from shipworthy.errors import InputError

__all__ = ["DEFAULT_PORT", "WORKBOOK", "serve", "workbooks_folder"]

DEFAULT_PORT = 8866
WORKBOOK = "workbook.ipynb"


def workbooks_folder() -> Path:
    """Folder of the notebooks: inside the installed package, or beside ``src`` in a checkout.

    Raises
    ------
    InputError
        If neither holds the workbook: the installation is not whole.

    Examples
    --------
    >>> (workbooks_folder() / "workbook.ipynb").is_file()
    True
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "workbooks", package.parents[1] / "workbooks"):
        if (folder / WORKBOOK).is_file():
            return folder
    raise InputError(
        "The notebooks are missing: this installation of Shipworthy holds no workbook. Install the package again."
    )


def serve(
    port: int = DEFAULT_PORT,
    *,
    open_browser: bool = True,
    db: str | None = None,
    token: str = "",
    host: str = "127.0.0.1",
    cull_after: int = 900,
) -> None:
    """Serve the workbook until SIGINT or SIGTERM; end every kernel then.

    Parameters
    ----------
    port : int
        Port to listen on [0..65535]; 0 takes a free one.
    open_browser : bool
        Whether to open the address in the user's browser.
    db : str or None
        Where decisions live, as a SQLAlchemy URL; None leaves it to ``SHIPWORTHY_DB`` or the user's data folder.
    token : str
        Secret that a visitor must show once (``/?token=…`` or typed in); empty for none.
    host : str
        Address to listen on. Without a token a loopback address answers only to loopback names.
    cull_after : int
        How long a kernel without a page is kept [s].

    Raises
    ------
    InputError
        If the port is taken or not allowed, or if the notebooks are missing.
    """
    from shipworthy.serve.server import Server, Settings

    Server.run(Settings(port=port, open_browser=open_browser, db=db, token=token, host=host, cull_after=cull_after))
