"""Distribution: how the form reaches people. Links, QR codes, posters."""
