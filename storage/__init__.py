"""Where it rests: the archive of bytes, the database, and what is exported and published from them. No Scrapy in here."""
