"""The report of a run: what an operator reads the morning after, as JSON for programs and as one page for people."""
