"""The workbook: one file per sheet or family of sheets, one door to xlsxwriter."""
