"""Runs the command line as `python -m venezuela_data`.

It only calls `main` and never parses an argument itself. May import `cli` alone.
"""

from .cli import main

if __name__ == "__main__":
    main()
