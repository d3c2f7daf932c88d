"""Runs the command line as `python -m venezuela_data`. May import `cli` alone."""

from .cli import main

if __name__ == "__main__":
    main()
