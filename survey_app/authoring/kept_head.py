"""What stands above the questions of a source that is imported again, with what people filled in earlier."""

from collections.abc import Collection
from dataclasses import replace

from survey_app.definition.languages import Text
from survey_app.definition.model import RetiredId

from . import previous
from .draft import FormHead
from .kept_questions import first_of
from .label_degrees import fold_label
from .previous import PreviousFile


def keep_head(
    head: FormHead, earlier: PreviousFile, judged_anew: Collection[str], is_same: bool, retired: tuple[RetiredId, ...]
) -> FormHead:
    """What stands above the questions, with what people filled in; a change of questions asks for a new version."""
    content = earlier.content
    grades = content.get("grades_from")
    title, intro = previous.text(content.get("title")), previous.text(content.get("intro"))
    return replace(
        head,
        name=previous.words(content.get("id")) or head.name,
        version=(previous.words(content.get("version")) if is_same else "") or head.version,
        audiences=previous.names(content.get("audiences")) or head.audiences,
        categories=previous.names(content.get("categories")) or head.categories,
        languages=previous.names(content.get("languages")) or head.languages,
        grades_from={key: previous.words(value) for key, value in grades.items()} if isinstance(grades, dict) else {},
        title=_same(title, head.title),
        intro=_same(intro, head.intro),
        retired=retired,
        source={**_plain_words(content.get("source")), **head.source},
        accepted={**_reasons_that_stand(content.get("accepted"), judged_anew), **head.accepted},
    )


def _plain_words(block: object) -> dict[str, str]:
    return (
        {str(key): said for key, value in block.items() if (said := previous.words(value))}
        if isinstance(block, dict)
        else {}
    )


def _reasons_that_stand(block: object, judged_anew: Collection[str]) -> dict[str, dict[str, str]]:
    """What somebody let stand, unless the question says something else now or is gone: then it is judged anew."""
    accepted = block if isinstance(block, dict) else {}
    return {
        name: reasons
        for name, rules in accepted.items()
        if name not in judged_anew and (reasons := _plain_words(rules))
    }


def _same(earlier: Text | None, now: Text | None) -> Text | None:
    """The earlier text with its translations, unless the source says something else now."""
    if earlier is None or (now is not None and fold_label(first_of(now)) != fold_label(first_of(earlier))):
        return now
    return earlier
