"""Search by words: one definition of how words are read and found, for built pages, the sidecar and the browser.

`rules.toml` holds the tables, `words` reads words by them, `terms` collects the words of products, `matching` finds.
`js/lib/search-words.js` and `js/lib/search-match.js` of the theme do the same in the browser with the tables of the
index.
"""
