"""Every format a report is published in: documents made by real producers from reports whose every figure is known."""
