"""What was typed beside a draft that is imported: of which of its forms it is, and what a refused draft carries on."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from survey_app.authoring.gaps import GAP_KINDS

HEAD_FIELDS = ("title", "id", "version", "categories", "audience")
SETTINGS = ("form", "form_was", "sheet_was")
TYPED_KINDS = (*GAP_KINDS, "accept")  # what stands before the first dot of a field's name


def is_of_form(name: str) -> bool:
    """Whether a field says something about one form of the source: its head, a gap of it, a reason for a finding."""
    return name in HEAD_FIELDS or name.partition(".")[0] in TYPED_KINDS


def is_other_form(posted: MultiDict[str, str]) -> bool:
    """Whether another form or sheet was chosen than the one beside which the fields were typed."""
    sheet, sheet_was = posted.get("sheet", ""), posted.get("sheet_was", "")
    if sheet and sheet_was:
        return sheet != sheet_was
    return posted.get("form_was", "") not in ("", posted.get("form") or "0")


def typed_of_form(posted: MultiDict[str, str], number: int, sheets: Sequence[str]) -> MultiDict[str, str]:
    """Return what was posted, without what was typed beside another form than this one; ``sheets``: one for each form.

    A source with one form may be that form saved by itself, under another name: what was typed stays.
    """
    sheet_was, form_was = posted.get("sheet_was", ""), posted.get("form_was", "")
    has_moved = sheets[number] != sheet_was if sheet_was else form_was not in ("", str(number))
    if not is_other_form(posted) and (len(sheets) == 1 or not has_moved):
        return posted
    return MultiDict((name, value) for name, value in posted.items(multi=True) if not is_of_form(name))


def carried_fields(posted: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return what a page that has no fields for it must carry along, so that a bad source loses nothing."""
    return [
        (name, value) for name, value in posted.items(multi=True) if value and (is_of_form(name) or name in SETTINGS)
    ]
