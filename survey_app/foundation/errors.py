"""States of the world in which the program refuses, always with a sentence that says what to do."""

from survey_app.definition.messages import Message, message


class UserError(Exception):
    """The input or the moment does not allow what was asked; ``lines`` are sentences for the person who asked."""

    def __init__(self, *messages: Message) -> None:
        self.messages = messages
        super().__init__("\n".join(map(str, messages)))


def user_error(template: str, **values: object) -> UserError:
    return UserError(message(template, **values))
