"""Sentences for people that are not yet in their language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence whose ``template`` is the key of the translation catalogue and whose ``values`` fill its braces.

    >>> message("第 {row} 行缺少名称", row=3).render()
    '第 3 行缺少名称'
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = str) -> str:
        filled = {
            key: value.render(translate) if isinstance(value, Message) else value for key, value in self.values.items()
        }
        return translate(self.template).format_map(filled)

    def __str__(self) -> str:
        return self.render()


def message(template: str, **values: object) -> Message:
    return Message(template, values)
