"""Benches: ratios taken in one run, correct answers first. `python -m bench` runs the small sizes of every row."""
