"""Datasette plugins of the published folder; each file stands alone, so that the folder works where the harvester is not installed."""
