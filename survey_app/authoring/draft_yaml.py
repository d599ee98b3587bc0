"""The file of an instrument with gaps: the same content is always the same bytes. A gap is a key without a value."""

from typing import Any

import yaml


class _Writer(yaml.SafeDumper):
    """Leaves out ``null``: the reader of instruments says of an empty value that it is empty."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        """A key without a value has a line of its own: between braces YAML would need a word for nothing."""
        values = mapping.values() if isinstance(mapping, dict) else ()
        return super().represent_mapping(tag, mapping, False if None in values else flow_style)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        return super().represent_sequence(tag, sequence, False if None in sequence else flow_style)


_Writer.add_representer(type(None), lambda writer, _gap: writer.represent_scalar("tag:yaml.org,2002:null", ""))


def write_yaml(content: dict[str, Any]) -> str:
    """Return an instrument as YAML; reading it gives the same content.

    >>> print(write_yaml({"version": None, "title": {"zh": "问卷"}}), end="")
    version:
    title: {zh: 问卷}
    """
    return yaml.dump(content, Dumper=_Writer, allow_unicode=True, sort_keys=False, default_flow_style=None, width=10**6)
