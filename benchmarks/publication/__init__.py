"""The published site with a hundred thousand invented reports: how fast its pages and its search answer, and how much room it takes."""
