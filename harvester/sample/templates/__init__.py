"""The page frames of the sample portals: HTML with ``$name`` places, one list and one article frame a family."""
