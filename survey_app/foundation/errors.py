"""States of the world in which the program refuses, always with a sentence that says what to do."""

from survey_app.definition.messages import Message, message


class Refused(Exception):
    """The input or the moment does not allow what was asked; ``lines`` are sentences for the person who asked."""

    def __init__(self, *lines: Message) -> None:
        self.lines = lines
        super().__init__("\n".join(map(str, lines)))


def refused(template: str, **values: object) -> Refused:
    return Refused(message(template, **values))
