"""The command line: ``flask <group> <verb>``. Each file is one group."""

from flask import Flask


def register(app: Flask) -> None:
    from . import codes, db, links, questionnaires, responses, results, roster, scheme, staff, tick, trust, wave

    for module in (db, questionnaires, roster, wave, links, codes, trust, responses, results, scheme, staff):
        app.cli.add_command(module.group)
    app.cli.add_command(tick.tick)
