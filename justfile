# Shortcuts; each calls run.py, which needs nothing but Python.

demo *arguments:
    python3 run.py demo {{arguments}}

start *arguments:
    python3 run.py start {{arguments}}

test *arguments:
    python3 run.py test {{arguments}}
