"""Breaks of a Python file, each a word or a sign: by cosmic-ray's operators, those that a tired programmer is."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
import difflib
from pathlib import Path
from typing import Any, Final

from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-untyped]
from cosmic_ray.mutating import mutate_code  # type: ignore[import-untyped]
from cosmic_ray.plugins import get_operator  # type: ignore[import-untyped]

# Those that are left out break a program wholly (`a << b`), or only what linters see (`is` for `==`).
OPERATORS: Final = (
    *("AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "NumberReplacer"),
    *("ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add"),
    *("ReplaceBinaryOperator_BitOr_BitAnd", "ReplaceBinaryOperator_BitAnd_BitOr"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot", "IsNot_Is")
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A break: which file, what stood there, what stands there now, and all of the broken file."""

    file: str
    line: int
    before: str
    after: str
    source: str


def breaks(file: str) -> Iterator[Break]:
    """Yield each way in which a file can be broken, once."""
    source = Path(file).read_text()
    tree, unspoken = get_ast(source), _unspoken(source)
    seen = {source}
    for name in OPERATORS:
        operator: Any = get_operator(f"core/{name}")()
        places = [place for node in ast_nodes(tree) for place in operator.mutation_positions(node)]
        for number, ((line, column), _) in enumerate(places):
            if (line, column) in unspoken:
                continue
            broken = mutate_code(source, operator, number)
            if broken and broken not in seen and _compiles(broken):
                seen.add(broken)
                yield _break(file, source, broken)


def _break(file: str, source: str, broken: str) -> Break:
    old, new = source.splitlines(), broken.splitlines()
    changed = [one for one in difflib.SequenceMatcher(None, old, new).get_opcodes() if one[0] != "equal"]
    start, end, new_start, new_end = changed[0][1], changed[-1][2], changed[0][3], changed[-1][4]
    return Break(
        file=file,
        line=start + 1,
        before=" ".join(line.strip() for line in old[start:end]),
        after=" ".join(line.strip() for line in new[new_start:new_end]),
        source=broken,
    )


def _compiles(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


class _Unspoken:
    """Places of a file where nothing runs that users could see: types, and how a class is made and written in a log."""

    def __init__(self, spans: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._spans = spans

    def __contains__(self, place: tuple[int, int]) -> bool:
        return any(start <= place < end for start, end in self._spans)


def _unspoken(source: str) -> _Unspoken:
    silent = [one for node in ast.walk(ast.parse(source)) for one in _silent(node) if one is not None]
    return _Unspoken([((one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0)) for one in silent])


def _silent(node: ast.AST) -> list[Any]:
    match node:
        case ast.arg(annotation=one) | ast.TypeAlias(value=one):
            return [one]
        case ast.AnnAssign(annotation=one, value=ast.Call(func=ast.Name(id="field"), keywords=options)):
            return [one, *(option for option in options if option.arg in ("init", "repr"))]
        case ast.AnnAssign(annotation=one):
            return [one]
        case ast.FunctionDef(returns=one) | ast.AsyncFunctionDef(returns=one):
            return [one]
        case ast.ClassDef(decorator_list=made):
            return list(made)
        case _:
            return []


def statement(source: str, line: int) -> range:
    """Return the lines of the innermost statement that a line is part of; of one with a body, those before it."""
    best = range(line, line + 1)
    size = len(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body: list[ast.stmt] = getattr(node, "body", [])
            end = body[0].lineno if body else (node.end_lineno or node.lineno) + 1
            found = range(node.lineno, max(end, node.lineno + 1))
            if line in found and len(found) < size:
                best, size = found, len(found)
    return best
