"""Starts the command line, as `venezuela-data` or as `python -m venezuela_data`.

It only loads it and calls it, and never parses an argument itself. May import `cli` alone.
"""

import gc


def main() -> None:
    """Run the command line."""
    # What is loaded lives to the end: looking through it for garbage would find none, and is a tenth of the start.
    gc.disable()
    from .cli import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
