"""Reads SQL, far enough to tell whether each part of a statement that touches a student's rows names the student."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schediora.models.registry import MODELS
from schediora.models.schema import SchemaRevision

STUDENTS_TABLES = frozenset(model._meta.table_name for model in MODELS if model is not SchemaRevision)
"""Every table but the one that `migrate` writes: each row is some student's."""

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"[^"]+"|[A-Za-z_][A-Za-z_0-9]*|%s|<>|<=|>=|::|[^\s]""")
_BEGINS = {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "VALUES"}
_SETS = {"UNION", "EXCEPT", "INTERSECT"}
_NO_ALIAS = {
    *("WHERE", "SET", "JOIN", "LEFT", "INNER", "CROSS", "ON", "GROUP", "ORDER", "LIMIT", "VALUES", "FOR", "USING"),
    *("RETURNING", "SELECT", "OFFSET", "HAVING", "INDEXED", "NATURAL", "DEFAULT", "FULL", "RIGHT", "UNION", "DO"),
}
_KEYWORDS = _NO_ALIAS | _BEGINS | _SETS | {"FROM", "INTO", "AS", "IN", "LATERAL", "DISTINCT"}
_KEYS = {
    "study_plans": {"id"},
    "study_sessions": {"id", "plan_id"},
    "session_changes": {"session_id"},
    "session_units": {"session_id"},
    "ai_jobs": {"plan_id"},
}
"""What points from a student's row to another row of theirs."""

_VALUES = ("?", "%s")
_QUERY = "(...)"
"""Stands for a query in brackets."""

Tree = list[Any]
Words = tuple[str, ...]


def nameless(sql: str) -> list[str]:
    """Return the students' tables that `sql` touches without naming the student: each part of a statement must choose
    its rows by their student, or by what points to them from rows beside them that were chosen so (`s.plan_id = p.id`).
    """
    return sorted(set(_of_query(_tree(_tokens(sql)), frozenset())))


def touched(sql: str) -> frozenset[str]:
    """Return the students' tables that `sql` touches."""
    return STUDENTS_TABLES.intersection(_tokens(sql))


@dataclass(frozen=True)
class _Mention:
    """A student's table in a part of a statement, the name that it has there, and what that part says."""

    table: str
    alias: str
    alone: bool
    """Whether that part has no other table, so that a column needs no name before it."""
    words: Words

    def chosen(self, beside: Collection[str]) -> bool:
        """Tell whether its rows are chosen by their student, or by one of the tables `beside` it that are."""
        student = {"id"} if self.table == "users" else {"user_id"}
        if "INTO" in self.words:
            return not (student if self.table != "session_changes" else {"session_id"}).isdisjoint(self.words)
        return any(
            self._equals(before, after, beside, by_value=name in student)
            for name in student | _KEYS.get(self.table, set())
            for before, after in self._around(name)
        )

    def _equals(self, before: Words, after: Words, beside: Collection[str], *, by_value: bool) -> bool:
        if after[:1] == ("IN",):
            return by_value or after[1] == _QUERY
        if after[:1] == ("=",):
            return (by_value and after[1] in (*_VALUES, "ANY")) or (after[1] in beside and after[2:3] == (".",))
        if before[-1:] == ("=",):
            return (by_value and before[-2] in _VALUES) or (before[-3:-2] == (".",) and before[-4] in beside)
        return False

    def _around(self, name: str) -> Iterator[tuple[Words, Words]]:
        """Yield what stands before and after each mention of a column of this table."""
        for at, word in enumerate(self.words):
            if word != name:
                continue
            if self.words[at - 1] == "." and self.words[at - 2] in (self.alias, self.table):
                yield self.words[: at - 2], self.words[at + 1 :]
            elif self.alone and self.words[at - 1] != ".":
                yield self.words[:at], self.words[at + 1 :]


def _tokens(sql: str) -> list[str]:
    words = [word.strip('"') for word in _TOKEN.findall(sql)]
    return [word.upper() if word.upper() in _KEYWORDS else word for word in words]


def _tree(words: Sequence[str]) -> Tree:
    """Return `words` with what is in brackets as a list in the list."""
    stack: list[Tree] = [[]]
    for word in words:
        if word == "(":
            stack.append([])
        elif word == ")":
            inner = stack.pop()
            stack[-1].append(inner)
        else:
            stack[-1].append(word)
    assert len(stack) == 1, words
    return stack[0]


def _is_query(tree: Tree) -> bool:
    return any(isinstance(word, str) and word in _BEGINS for word in tree) or (
        bool(tree) and all(isinstance(part, list) and _is_query(part) for part in tree)
    )


def _of_query(tree: Tree, around: frozenset[str]) -> Iterator[str]:
    """Yield the tables that are touched without a name; `around` are those of the query that this one stands in."""
    part: Tree = []
    for word in [*tree, "UNION"]:
        if isinstance(word, str) and word in _SETS:
            yield from _of_part(part, around)
            part = []
        else:
            part.append(word)


def _of_part(part: Tree, around: frozenset[str]) -> Iterator[str]:
    """Go through one SELECT, INSERT, UPDATE or DELETE, and what stands in it in brackets."""
    words = _without_what_is_set(tuple(_flat(part)))
    tables = dict(_tables(words))
    open_ = [
        _Mention(table, alias, len(tables) == 1, words) for alias, table in tables.items() if table in STUDENTS_TABLES
    ]
    chosen = (around | tables.keys()) - {mention.alias for mention in open_}
    while found := [mention for mention in open_ if mention.chosen(chosen)]:
        chosen |= {mention.alias for mention in found}
        open_ = [mention for mention in open_ if mention not in found]
    yield from (mention.table for mention in open_)
    for query in _queries(part):
        yield from _of_query(query, around | tables.keys())


def _without_what_is_set(words: Words) -> Words:
    """Leave out what an UPDATE writes: it chooses no row."""
    if words[:1] != ("UPDATE",):
        return words
    end = words.index("WHERE") if "WHERE" in words else len(words)
    return words[: words.index("SET") + 1] + words[end:]


def _flat(part: Tree) -> Iterator[str]:
    """Yield the words of a part; brackets that hold no query belong to it, conditions as well as columns."""
    for word in part:
        if isinstance(word, str):
            yield word
        elif not _is_query(word):
            yield from _flat(word)
        else:
            yield _QUERY


def _queries(part: Tree) -> Iterator[Tree]:
    for word in part:
        if isinstance(word, list):
            if _is_query(word):
                yield word
            else:
                yield from _queries(word)


def _tables(words: Words) -> Iterator[tuple[str, str]]:
    """Yield the name that every table, view or query has that a part reads or writes, and what it is."""
    for at, word in enumerate(words[:-1]):
        if (word in ("FROM", "JOIN", "INTO") and words[at - 1] != "DISTINCT") or (
            word == "UPDATE" and words[at + 1] != "SET"
        ):
            rest = [other for other in words[at + 1 : at + 5] if other not in ("AS", "LATERAL")]
            named = len(rest) > 1 and rest[1] not in _NO_ALIAS and rest[1].isidentifier()
            yield rest[1] if named else rest[0], rest[0]
