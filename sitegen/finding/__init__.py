"""What scripts find things with: cards, columns to filter by, words to search for, and one pointer to all of it.

`docs/finding.md` is the description of the files for those who read them.
"""
