"""Staff forms."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class LoginForm(FlaskForm):  # type: ignore[misc]
    username = StringField(validators=[InputRequired(), Length(max=50)])
    password = PasswordField(validators=[InputRequired(), Length(max=128)])
