"""A questionnaire from a workbook: the template, XLSForm, or the sheet of an office."""
