"""Everything that changes without code: registry, regions, forms, labels, word lists."""
