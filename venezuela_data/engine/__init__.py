"""Table Schemas held against tables of any size: one plan, and an engine for the size of the data.

(being written)
"""
