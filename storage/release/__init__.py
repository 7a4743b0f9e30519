"""A release: everything the database holds in the formats people take home, described, cited and checkable."""
