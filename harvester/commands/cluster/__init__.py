"""Many machines share a crawl or a replay: what a worker does, how the work is handed out, and the two commands that do it."""
