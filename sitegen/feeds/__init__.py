"""Files that other programs fetch: product feeds for marketplaces, the journal for readers, Markdown for models."""
