"""What is fast and small enough, measured: ``python -m bench`` from the project's folder prints one table."""

from shipworthy._threads import one_thread

one_thread()
