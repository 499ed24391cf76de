"""Grading pages: what a phone, a screen reader, a search engine and a designer make of the running shop."""
