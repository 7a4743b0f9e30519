"""What goes into a published folder beside the data: Datasette plugins, templates and a style sheet, copied as they are."""
