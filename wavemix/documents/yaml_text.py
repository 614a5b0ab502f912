"""YAML, less what makes it dangerous: aliases, endless nesting, numbers that are none."""

from pathlib import Path
from typing import Any

import yaml

from wavemix.documents.files import MEBIBYTE, read_text
from wavemix.documents.names import portable
from wavemix.documents.values import DEEPEST, check_values
from wavemix.errors import WavemixError

MOST_BYTES = 2 * MEBIBYTE

MOST_NODES = 100_000
"""Values that a document may have: PyYAML takes some seconds for so many."""

_LONGEST_NUMBER = 40
"""Characters: a longer one is not what anybody meant, and its arithmetic may take for ever."""

_COUNTED = ("int", "float", "timestamp")


class _Refused(yaml.MarkedYAMLError):
    """What the language has and we do not take, in words."""


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with bounds.

    An alias stands for a whole value: a kilobyte of them may stand for more than all memory holds.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = self._nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A value with all that is in it."""
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise _Refused(problem="has an alias (`*`), which is not read here; write the value out", problem_mark=mark)
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _Refused(problem=f"has more than {MOST_NODES} values; make it smaller", problem_mark=mark)
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Refused(problem=f"is nested more than {DEEPEST} deep; write it anew", problem_mark=mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of a node; PyYAML's own errors for values that cannot be are of many kinds."""
        kind = node.tag.rpartition(":")[2]
        try:
            if kind in _COUNTED and len(str(node.value)) > _LONGEST_NUMBER:
                raise ValueError(kind)
            return super().construct_object(node, deep)
        except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
            raise _Refused(
                problem=f"has a value that is no `{kind}`; correct it", problem_mark=node.start_mark
            ) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """A mapping; PyYAML would take the last of several values of one key."""
        mapping = super().construct_mapping(node, deep)
        seen: set[tuple[str, str]] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if (key.tag, key.value) in seen:
                raise _Refused(problem=f"has the key `{key.value}` twice; remove one", problem_mark=key.start_mark)
            seen.add((key.tag, key.value))
        return mapping


def read_yaml(path: Path, remedy: str = "") -> object:
    """What a YAML file holds.

    Raises:
        WavemixError: As `read_text` and `parse_yaml`.
    """
    return parse_yaml(read_text(path, MOST_BYTES, remedy), str(path))


def parse_yaml(text: str, where: str) -> object:
    """What a text in YAML holds.

    Args:
        text: The text.
        where: It is from, for the sentence.

    Raises:
        WavemixError: If it is not valid YAML, has aliases, or holds what `check_values` refuses.
    """
    loader = None
    try:
        loader = _Loader(text)
        value = loader.get_single_data()
    except _Refused as error:
        raise WavemixError(f"{where}{_line(error, ', line')}: {error.problem}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise WavemixError(
            f"{where}: is not valid YAML{_line(error, ' near line')}; correct it or write a new one."
        ) from error
    finally:
        if loader is not None:
            loader.dispose()
    check_values(value, where)
    return value


class _Dumper(yaml.SafeDumper):
    """PyYAML's, less a fault: in single quotes it writes ends of lines that it reads as spaces. Writes no aliases."""

    def ignore_aliases(self, value: object) -> bool:
        """What is there twice is written twice."""
        return True

    def represent_str(self, text: str) -> yaml.ScalarNode:
        """Text in double quotes, where ends of lines have escapes, if it has rare ones."""
        style = '"' if any(end in text for end in "\x85\u2028\u2029") else None
        return self.represent_scalar("tag:yaml.org,2002:str", portable(text), style)


_Dumper.add_representer(str, _Dumper.represent_str)


def dump_yaml(value: object) -> str:
    """A value as YAML, which `parse_yaml` reads as the same, names as `portable` has them; keys keep their order."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _line(error: BaseException, before: str) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{before} {mark.line + 1}" if mark else ""
