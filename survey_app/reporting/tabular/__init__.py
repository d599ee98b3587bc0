"""Tables for other programs: csv, json, data frames."""
