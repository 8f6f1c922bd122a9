"""The grammar of AND, OR, NOT and parentheses, for tokens that ``index.query.parser`` has made fit for it.

lark does the parsing: pure Python, without dependencies, well kept; it is loaded for questions with operators only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from index.query.ast import Item, Operator, Run, Sign, Subquery, signed

if TYPE_CHECKING:
    from lark import Lark

ATOM: Final = "ATOM"
OPEN: Final = "OPEN"
CLOSE: Final = "CLOSE"
NOT: Final = "NOT"
OPERATORS: Final = frozenset({Operator.ALL.value, Operator.ANY.value, NOT})

_GRAMMAR: Final = """
    any: all (OR all)*
    all: run (AND run)*
    run: item+
    item: NOT* ATOM | NOT* group
    group: OPEN any CLOSE
    %declare ATOM OPEN CLOSE AND OR NOT
"""


class Token(NamedTuple):
    """A piece of a question.

    Attributes:
        kind: ``ATOM``, ``OPEN``, ``CLOSE``, or the operator itself.
        item: of an atom; its sign is that before the parenthesis for ``OPEN``.
    """

    kind: str
    item: Item | None = None
    sign: Sign = Sign.NONE


def tree(tokens: Sequence[Token]) -> Run:
    """Return the run that tokens stand for; operators must have operands and parentheses partners."""
    parsed = _parser().parse(tokens)
    return _any(parsed)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark
    from lark import Token as LarkToken
    from lark.lexer import Lexer

    class Ready(Lexer):
        """Hands on tokens that are there already."""

        def __init__(self, lexer_conf: object) -> None:
            del lexer_conf

        def lex(self, data: Sequence[Token]) -> Iterator[LarkToken]:  # type: ignore[override]
            for token in data:
                yield LarkToken(token.kind, token)

    return Lark(_GRAMMAR, start="any", parser="lalr", lexer=Ready)


def _any(node: Any) -> Run:  # noqa: ANN401 - lark's trees are untyped
    return _joined([_all(child) for child in _trees(node)], Operator.ANY)


def _all(node: Any) -> Run:  # noqa: ANN401
    return _joined([tuple(_item(child) for child in run.children) for run in _trees(node)], Operator.ALL)


def _trees(node: Any) -> list[Any]:  # noqa: ANN401
    return [child for child in node.children if hasattr(child, "children")]


def _joined(runs: list[Run], operator: Operator) -> Run:
    return runs[0] if len(runs) == 1 else (Item(Subquery(tuple(map(_bare, runs)), operator)),)


def _bare(run: Run) -> Run:
    """Leave out parentheses that say nothing: those around a whole run."""
    only = run[0]
    if len(run) == 1 and only.sign == Sign.NONE and isinstance(only.what, Subquery) and len(only.what.runs) == 1:
        return only.what.runs[0]
    return run


def _item(node: Any) -> Item:  # noqa: ANN401
    last = node.children[-1]
    item = _group(last) if hasattr(last, "children") else last.value.item
    return Item(item.what, Sign.NOT) if len(node.children) > 1 else item


def _group(node: Any) -> Item:  # noqa: ANN401
    opening, inner, _ = node.children
    run, sign = _bare(_any(inner)), opening.value.sign
    if len(run) == 1 and (sign == Sign.NONE or run[0].sign == Sign.NONE):
        return signed(run[0].what, sign or run[0].sign)
    return Item(Subquery((run,)), sign)
