"""Fuzzes `targets.descriptor` with atheris; see README.md beside this file. Writes nothing but what atheris writes."""

import sys

import atheris

with atheris.instrument_imports(include=["venezuela_data"]):
    from targets import descriptor

if __name__ == "__main__":
    atheris.Setup(sys.argv, descriptor)
    atheris.Fuzz()
