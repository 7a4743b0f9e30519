"""The pages of the published folder; they name each other relatively, for there they live without the harvester, under another name."""
