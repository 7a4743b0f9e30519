"""How to find the pages: the portal spider and its platform families, and our own files and archives read as if they were a portal."""
