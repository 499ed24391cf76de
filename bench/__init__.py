"""Benchmarks. They measure and say what they measured; no test depends on a time.

    python -m bench.site      the site build against Hugo, one price change, nothing changed
    python -m bench.api       orders a second against plain SQL floors
    python -m bench.images    encoding the product pictures
    python -m bench.report    writes the tables of docs/quality.md from bench/results/*.json

Every bench takes --quick: a tiny size that shows that it works and stores nothing.
"""
