"""`python -m advisor`, and what the command `advisor` calls."""

from typing import NoReturn

from advisor.interrupts import leave_at_once


def start() -> NoReturn:
    """The command line; the first it does is to take Ctrl-C, for its own imports come next."""
    leave_at_once()
    from advisor.cli import main

    main()


if __name__ == "__main__":
    start()
