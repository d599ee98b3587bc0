"""``flask catalogue``: what a language lacks, of the program's sentences and of the words of the questionnaires."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from survey_app.definition.categories import Categories
from survey_app.definition.languages import is_language_tag
from survey_app.definition.nodes import DefinitionError
from survey_app.definition.parse import read_instrument
from survey_app.foundation.catalogue import CatalogueState, catalogue_state, write_catalogue
from survey_app.foundation.errors import user_error
from survey_app.foundation.translation import (
    CATALOGUES,
    SOURCE_LANGUAGE,
    _,
    fallback_language,
    frame_languages,
    language_name,
    text_direction,
)
from survey_app.frame.instrument_catalogue import InstrumentCatalogue

from .output import Command, json_option, print_rows

COLUMNS = ("language", "name", "direction", "fallback", "sentences", "untranslated", "words", "instruments")


@click.command("catalogue", cls=Command, help=_("一种语言还缺什么：程序的句子、类别和年级的名称、哪些问卷有它"))
@click.argument("tag", required=False)
@click.option("--write", is_flag=True, help=_("写出（或更新）这种语言的 .po 文件，缺的句子留空"))
@click.option(
    "--folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=CATALOGUES,
    help=_("写到哪个文件夹，默认是程序的 translations"),
)  # fmt: skip
@click.option("--check", is_flag=True, help=_("有缺的句子时以状态 1 结束"))
@json_option
@with_appcontext
def group(tag: str | None, write: bool, folder: Path, check: bool, as_json: bool) -> None:
    if tag is not None and not is_language_tag(tag):
        raise user_error("“{word}”不是语言标签；写法如 zh、en、ug、zh-Hant", word=tag)
    tags = [tag] if tag else [name for name in frame_languages() if name != SOURCE_LANGUAGE]
    if write:
        for name in tags:
            click.echo(_("已写入 {file}", file=str(write_catalogue(name, folder))), err=True)
    states = [catalogue_state(name) for name in tags]
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    categories: Categories = current_app.extensions["categories"]
    print_rows([_row(state, catalogue, categories) for state in states], COLUMNS, as_json)
    if tag and not as_json:
        for line in (*states[0].untranslated, *untranslated_words(tag, categories)):
            click.echo(f"  {line}")
    if check and any(state.untranslated for state in states):
        click.get_current_context().exit(1)


def _row(state: CatalogueState, catalogue: InstrumentCatalogue, categories: Categories) -> dict[str, object]:
    """One language: sentences and how many of them are untranslated, missing words, instruments that have it."""
    tag = state.language
    return {
        "language": tag,
        "name": language_name(tag),
        "direction": text_direction(tag),
        "fallback": fallback_language(tag),
        "sentences": state.sentence_count,
        "untranslated": len(state.untranslated),
        "words": len(list(untranslated_words(tag, categories))),
        "instruments": ",".join(_instruments_in(tag, catalogue, categories)),
    }


def untranslated_words(tag: str, categories: Categories) -> Iterator[str]:
    """The names of categories and grades that have none in this language."""
    for category in categories.all:
        for entry, place in (
            (category.label, category.id),
            *((g.label, f"{category.id} {g.code}") for g in category.grades),
        ):
            if tag not in entry:
                yield f"categories.yaml {place}: {entry.in_language(tag)}"


def _instruments_in(tag: str, catalogue: InstrumentCatalogue, categories: Categories) -> Iterator[str]:
    for path in catalogue.files():
        try:
            instrument = read_instrument(path, categories)
        except DefinitionError:
            continue  # flask questionnaires check says why
        if tag in instrument.languages:
            yield instrument.id
