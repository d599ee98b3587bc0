"""The sheet in which answers from paper are collected, with what its codes mean, to be imported as a whole."""

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.form import Form, options_of
from survey_app.definition.kinds import kind_of
from survey_app.definition.model import Option, Question
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language, render

from .plain_book import PlainBook

CODE_WIDTH, COLUMN_WIDTH, TEXT_WIDTH = 14, 12, 60


def answer_template(form: Form, grades: tuple[Option, ...]) -> bytes:
    """One column a question, headed by its id and text; the second sheet says what may stand there."""
    book = PlainBook(_("答卷模板"))
    sheet = book.add_sheet(_("答卷"))
    headings = [_("学校代码"), _("对象"), *_question_headings(form)]
    sheet.write_headings(headings, [CODE_WIDTH, *[COLUMN_WIDTH] * (len(headings) - 1)])
    for index in range(len(headings)):
        sheet.keep_text(index, CODE_WIDTH if index == 0 else COLUMN_WIDTH)
    notes = book.add_sheet(_("填写说明"))
    notes.write_headings([_("列"), _("题目"), _("怎么填")], [COLUMN_WIDTH, TEXT_WIDTH, TEXT_WIDTH])
    audience = render(AUDIENCES[form.audience].label)
    notes.write_row([_("学校代码"), "", _("名册里的代码，前面的 0 要保留")])
    notes.write_row([_("对象"), "", _("每行都写：{audience}", audience=audience)])
    for question in form.questions():
        notes.write_row([question.id, _text(question, form), _how(question, grades)])
    return book.to_bytes()


def _question_headings(form: Form) -> list[str]:
    headings = []
    for asked in form.asked:
        headings.append(f"{asked.question.id} {_text(asked.question, form)}")
        headings += [f"{text.name} {text.option.label.in_language(language())}" for text in asked.option_texts]
    return headings


def _text(question: Question, form: Form) -> str:
    return with_school(question.text_for_audience(form.audience).in_language(language()), _("这所学校"))


def _how(question: Question, grades: tuple[Option, ...]) -> str:
    """Codes and what they mean; a blank cell is no answer."""
    options = _("，").join(f"{each.code} {each.label.in_language(language())}" for each in options_of(question, grades))
    if not options:
        return _("照原样写，没写就空着")
    if kind_of(question).takes_several:
        return _("代码，几项之间用分号：{options}", options=options)
    return _("代码，没填就空着：{options}", options=options)
