"""What a notebook shows of an answer.

There is no script in it and no style but of alignment, and pictures are data of an img element:
so notebooks show it alike whether they are trusted or not, and nothing of the
answer can be taken for markup.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from canopy.results import _words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canopy.results._about import About

# Lines of a table that a notebook shows.
MOST_LINES = 12


@dataclass(frozen=True)
class Table:
    """Texts in lines and columns."""

    header: Sequence[str]
    lines: Sequence[Sequence[str]]
    # How many lines there are, those that are left out included.
    total: int
    # Columns of numbers, which stand to the right.
    right: Sequence[int] = ()


def page(parts: Sequence[str]) -> str:
    return f'<div class="canopy">{"".join(parts)}</div>'


def heading(text: str) -> str:
    return f"<p><b>{escape(text)}</b></p>"


def image(data: bytes, media_type: str, description: str) -> str:
    encoded = base64.b64encode(data).decode("ascii")
    return f'<img alt="{escape(description)}" src="data:{media_type};base64,{encoded}">'


def table(content: Table) -> str:
    if not content.lines:
        return ""
    head = _line("th", content.header, content)
    body = "".join(_line("td", line, content) for line in content.lines)
    more = content.total - len(content.lines)
    rest = f"<p>… and {_words.grouped(more)} more</p>" if more else ""
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>{rest}"


def _line(tag: str, texts: Sequence[str], content: Table) -> str:
    cells = []
    for i, text in enumerate(texts):
        side = "right" if i in content.right else "left"
        cells.append(f'<{tag} style="text-align:{side}">{_cell(text)}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"


def _cell(text: str) -> str:
    """Keep short texts, such as a number with its unit, on one line."""
    return escape(text if len(text) > 24 else text.replace(" ", "\u00a0"))


def about(answer: About) -> str:
    """Tell the warnings, and what the answer stands on; assumptions are folded away."""
    return _warnings(answer.warning_texts()) + _basis(answer)


def _warnings(texts: Sequence[str]) -> str:
    if not texts:
        return ""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<p><b>⚠ Warnings</b></p><ul>{items}</ul>"


def _basis(answer: About) -> str:
    if not answer.basis:
        return ""
    text = f"<p><i>{escape(answer.basis)}.</i></p>"
    assumptions = answer.provenance.assumptions
    if assumptions:
        number = _words.count(len(assumptions), "assumption", "assumptions")
        items = "".join(f"<li>{escape(a)}</li>" for a in assumptions)
        text += f"<details><summary>{number}</summary><ul>{items}</ul></details>"
    return text
