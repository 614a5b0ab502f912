"""What CONTRIBUTING asks of the code's form, as far as it can be counted."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 300
RIDDLE = re.compile(r"(Of|Likewise|Whose|As there|As above|The same)\b")
"""How a text begins that only makes sense with what stands around it."""

CODE = [*sorted((ROOT / "wavemix").rglob("*.py")), ROOT / "hubconf.py"]


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The lines and texts of docstrings, of the attributes and arguments in them, and of help."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            text = node.value.value
            yield node.lineno, text
            for found in re.finditer(r"^ +\*{0,2}[a-z_]\w*: (.*)", text, re.MULTILINE):
                yield node.lineno + text[: found.start(1)].count("\n"), found[1]
        elif isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
            yield node.value.lineno, str(node.value.value)


def test_no_file_is_long():
    files = [
        path
        for pattern in ("wavemix/**/*", "benchmarks/*", "recipes/*", "hubconf.py")
        for path in ROOT.glob(pattern)
        if path.suffix in {".py", ".js", ".css", ".html", ".yaml"}
    ]
    assert len(files) > 200
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_text_is_a_riddle():
    riddles = [
        f"{path.relative_to(ROOT)}:{line}: {text.splitlines()[0]}"
        for path in CODE
        for line, text in texts(path)
        if RIDDLE.match(text)
    ]
    assert riddles == []


def test_riddles_are_found(tmp_path):
    (tmp_path / "one.py").write_text(
        'N = 1\n"""Of two."""\n\n\ndef f(x):\n    """Do.\n\n    Args:\n        x: Likewise.\n    """\n'
    )
    found = list(texts(tmp_path / "one.py"))
    assert [line for line, text in found if RIDDLE.match(text)] == [2, 9]


def test_only_scripts_fork_limit_or_signal_themselves():
    """Of pytest's process it would be the end: `own_process.py`."""
    dangerous = {"fork", "setrlimit", "raise_signal", "pthread_kill", "preexec_fn"}
    found = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if getattr(node, "attr", getattr(node, "arg", None)) in dangerous:
                found.add(path.relative_to(ROOT / "tests").as_posix())
    assert found == {"campaign/fuzz.py", "campaign/commands.py", "campaign/signals.py"}


def test_the_sample_rate_is_written_once():
    found = []
    for path in CODE:
        with path.open("rb") as file:
            numbers = (token for token in tokenize.tokenize(file.readline) if token.type == tokenize.NUMBER)
            found += [
                path.relative_to(ROOT).as_posix() for token in numbers if token.string.replace("_", "") == "44100"
            ]
    assert found == ["wavemix/audio/mpeg.py", "wavemix/audio/rate.py"]  # the former lists all rates of MPEG audio
