"""Staff forms."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, ValidationError

from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import UserError
from survey_app.foundation.translation import frame_languages

MAX_CODES = 5000


def _known_language(_form: FlaskForm, field: StringField) -> None:
    if field.data not in frame_languages():
        raise ValidationError


class LoginForm(FlaskForm):  # type: ignore[misc]
    username = StringField(validators=[InputRequired(), Length(max=50)])
    password = PasswordField(validators=[InputRequired(), Length(max=128)])


class LanguageForm(FlaskForm):  # type: ignore[misc]
    language = StringField(validators=[_known_language])
    back = StringField()


class IssueCodesForm(FlaskForm):  # type: ignore[misc]
    school = StringField(validators=[InputRequired(), Length(max=32)])
    audience = StringField(validators=[InputRequired(), Length(max=16)])
    count = IntegerField(validators=[Optional(), NumberRange(1, MAX_CODES)])
    again = StringField(validators=[AnyOf(("", "top_up", "replace"))], default="")


ISSUE_CODES_PROBLEMS = {
    "school": message("请填写学校代码"),
    "audience": message("请选择对象"),
    "count": message("张数要是 1 到 {max} 的整数", max=MAX_CODES),
}


def check_form(form: FlaskForm, problems: dict[str, Message]) -> None:
    """Raises :class:`UserError` with a sentence for each field that is missing or wrong."""
    if not form.validate():
        raise UserError(*(problems[name] for name in form.errors if name in problems))
