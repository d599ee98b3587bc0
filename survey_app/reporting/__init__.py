"""Reporting: one frozen value per wave, from which page, workbook and tables are drawn; they cannot disagree."""
