"""Descriptions and models that pages, sheets and tables share: district, items, change, signals, drivers."""
