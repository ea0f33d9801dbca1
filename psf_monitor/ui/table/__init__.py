"""The tables: columns, model, view, painting."""
