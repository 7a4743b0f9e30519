"""Text forms: what text extractors, exports and search indexes leave of the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from benchmarks.accuracy import layout
from benchmarks.accuracy.layout import Table
from benchmarks.accuracy.markup import PROSE


class TextForm(NamedTuple):
    """``shape`` makes the tables' rows plain, ``write`` prints one table, ``paragraph`` stands between paragraphs.

    ``vanishing``: an empty cell leaves no trace in it.
    """

    shape: Callable[[Table], Table]
    write: Callable[[list[list[str]]], str]
    paragraph: str = "\n\n"
    vanishing: bool = False


def page(title: str, tables: Sequence[Table], form: TextForm) -> bytes:
    """The whole report as text."""
    first, *last = ([name, *lines] for name, lines in PROSE.items())
    parts = [title, *first]
    for name in dict.fromkeys(one.title for one in tables):
        parts += [name, *(form.write(rows(form.shape(one))) for one in tables if one.title == name)]
    return form.paragraph.join([*parts, *(line for lines in last for line in lines)]).encode()


def rows(made: Table) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in made.lines]


def _tabs(made: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in made)


def _printed(made: list[list[str]]) -> Iterable[str]:
    return (text for row in made for text in row if text)


def _paragraphs(made: list[list[str]]) -> str:
    return "\n\n".join(_printed(made))


def _cell_a_line(made: list[list[str]]) -> str:
    return "\n".join(_printed(made))


def _pipes(made: list[list[str]]) -> str:
    return "\n".join(" | ".join(row) for row in made)


def _leading_pipe(made: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in made)


def _closing_pipes(made: list[list[str]]) -> str:
    return "\n".join("".join(f"{text}|" for text in row) for row in made)


def _spaces(made: list[list[str]]) -> str:
    return "\n".join(" ".join(text for text in row if text) for row in made)


def _one_line(made: list[list[str]]) -> str:
    return " ".join(_printed(made))


def _markdown(made: list[list[str]]) -> str:
    """Rows are not filled up to the width: a lost cell would pass for an empty one."""
    lines = [f"| {' | '.join(row)} |" for row in made]
    return "\n".join([lines[0], f"|{'---|' * max(len(row) for row in made)}", *lines[1:]])


def _aligned(made: list[list[str]]) -> str:
    """Columns held apart by runs of spaces, as a PDF's text is."""
    return "\n".join("   ".join(text for text in row if text) for row in made)


TEXTS: dict[str, TextForm] = {
    "tabs, placeholders": TextForm(layout.flat, _tabs),
    "tabs": TextForm(layout.tight, _tabs),
    "tabs, labels again": TextForm(layout.repeated, _tabs),
    "cell a paragraph": TextForm(layout.tight, _paragraphs, vanishing=True),
    "cell a line": TextForm(layout.tight, _cell_a_line, vanishing=True),
    "pipes": TextForm(layout.flat, _pipes),
    "pipes, ragged": TextForm(layout.tight, _pipes),
    "leading pipe": TextForm(layout.flat, _leading_pipe),
    "closing pipes": TextForm(layout.tight, _closing_pipes),
    "row a line": TextForm(layout.tight, _spaces, vanishing=True),
    "aligned": TextForm(layout.tight, _aligned, vanishing=True),
    "one line": TextForm(layout.tight, _one_line, " ", vanishing=True),
    "markdown": TextForm(layout.flat, _markdown),
    "markdown, ragged": TextForm(layout.tight, _markdown),
}
