"""Vendors and products that are taken out of a case (`excluded: true`), with all that is said of them elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from allocate.case.document import Document, Path_, keep, remove, walk
from allocate.case.scenarios import steps
from allocate.errors import CaseError, Problem

_NAMES = {
    "vendor": "vendors",
    "vendors": "vendors",
    "incumbent": "vendors",
    "paid-to": "vendors",
    "product": "products",
    "products": "products",
    "needs": "products",
    "from": "products",
}
"""Keys that name vendors or products wherever they stand, and the block whose names they are."""
_KEPT = ("scenarios",)
"""Blocks in which names of what is taken out may stay: they are laid over the case before."""
_WORDS = {
    "budget": "limit of the budget",
    "rates": "rate",
    "calendar": "row of the calendar",
    "earlier": "line of the earlier plan",
    "rules": "rule",
    "levers": "lever",
    "pilots": "pilot",
}
"""What an entry of a block is called in a note."""


def take_out(document: Document) -> Document | None:
    """Take excluded vendors and products out of a case, in place, and say so in one note.

    Entries that are about them alone go with them: rates, rows of the calendar, rules, limits of the budget, levers. Lists
    of vendors or products lose their names. A rule that lets only excluded vendors make a product stands for a reason, so
    it is not dropped. What is returned is the document as it was, where something was taken out.

    Raises CaseError for such a rule, and where no rate is left.
    """
    out = {block: _excluded(document, block) for block in ("vendors", "products")}
    if not any(out.values()):
        return None
    whole = document.copied()
    _some_left(document, out)
    listed = bool(document.data.get("rates"))
    _only_these(document, out)
    gone = [path for path in dict.fromkeys(_about(document, out)) if path]
    told = _told(document, gone)
    _drop(document, [*_outermost(gone), *((block, name) for block, names in out.items() for name in names)])
    _uncertain(document, out, told)
    _idle_levers(document, told)
    if listed and not document.data.get("rates"):
        fix = "exclude fewer vendors, or add rates of others"
        raise CaseError.of("no rate is left once the excluded are taken out", document.place(("rates",)), fix)
    names = ", ".join(str(name) for block in out.values() for name in sorted(block))
    words = ", ".join(f"{many} {_plural(word) if many > 1 else word}" if many else word for word, many in told.items())
    verb, them = ("are", "them") if sum(map(len, out.values())) > 1 else ("is", "it")
    document.notes.append(f"{names} {verb} excluded" + (f", and with {them} {words}" if words else ""))
    return whole


def _plural(word: str) -> str:
    """A word for several: `rows of the calendar`."""
    noun, blank, rest = word.partition(" ")
    return f"{noun}s{blank}{rest}"


def _excluded(document: Document, block: str) -> tuple[str, ...]:
    entries = document.data.get(block)
    if not isinstance(entries, dict):
        return ()
    said = {name: one.get("excluded") for name, one in entries.items() if isinstance(one, dict)}
    plain = {name: one.get("value") if isinstance(one, dict) else one for name, one in said.items()}
    return tuple(name for name, one in plain.items() if one is True or one == "true")


def _some_left(document: Document, out: Mapping[str, Sequence[str]]) -> None:
    """Refuse to take out all there is."""
    for block, names in out.items():
        if names and len(names) == len(document.data[block]):
            problem = Problem(f"every one of the {block} is excluded", document.place((block,)), "exclude fewer")
            raise CaseError([problem])


def _only_these(document: Document, out: Mapping[str, Sequence[str]]) -> None:
    """Refuse a rule by which nobody could make a product that is still there."""
    rules = document.data.get("rules")
    for position, rule in enumerate(rules if isinstance(rules, list) else ()):
        only = rule.get("only") if isinstance(rule, dict) else None
        vendors, products = (_list(only.get(key)) if isinstance(only, dict) else [] for key in ("vendors", "products"))
        left = [name for name in products if name not in out["products"]]
        if vendors and set(vendors) <= set(out["vendors"]) and (left or not products):
            what = ", ".join(map(str, left)) or "any product"
            message = f"the rule '{rule.get('name')}' lets only {', '.join(map(str, vendors))} make {what}, and all of these are excluded"
            fix = "exclude the products too, or name other vendors in the rule"
            raise CaseError.of(message, document.place(("rules", position)), fix)


def _about(document: Document, out: Mapping[str, Sequence[str]]) -> Iterator[Path_]:
    """The paths of entries that are about what is taken out alone; names are taken out of lists on the way."""
    for path, data in list(walk(document.data)):
        if (
            not path
            or path[0] in _KEPT
            or not isinstance(data, dict)
            or (path[0] in out and path[1:2] and path[1] in out[str(path[0])])
        ):
            continue
        for key, value in data.items():
            block = _NAMES.get(key)
            if block is None or isinstance(value, dict) or (key == "needs" and path[0] != "rules"):
                continue
            names, taken = _list(value), out[block]
            if not set(map(str, names)) & set(taken):
                continue
            left = [name for name in names if name not in taken]
            if len(left) < (2 if path[-1] == "incompatible" else 1):
                alone = key in ("incumbent", "paid-to") or (path[-1] == "opens" and data.get("workflows"))
                yield (*path, key) if alone else _entry(path)
            else:
                for position in reversed(range(len(names))):
                    if names[position] in taken:
                        remove(document, (*path, key, position))


def _entry(path: Path_) -> Path_:
    """The entry of a list that a path lies in, innermost; else the block itself."""
    lengths = [n for n in range(len(path), 0, -1) if isinstance(path[n - 1], int)]
    return path[: lengths[0]] if lengths else path


def _outermost(paths: Sequence[Path_]) -> list[Path_]:
    """The paths that lie in none of the others, in the order of the document."""
    found = set(paths)
    return [path for path in paths if not any(path[:length] in found for length in range(1, len(path)))]


def _drop(document: Document, paths: Sequence[Path_]) -> None:
    """Take paths out of a document, the entries of one list together."""
    of_list: dict[Path_, set[Any]] = {}
    for path in paths:
        if isinstance(path[-1], int):
            of_list.setdefault(path[:-1], set()).add(path[-1])
        else:
            remove(document, path)
    for path, positions in of_list.items():
        keep(document, path, [n for n in range(len(document.at(path))) if n not in positions])


def _told(document: Document, gone: Sequence[Path_]) -> dict[str, int]:
    """What goes with what is taken out, in words, and how often; 0 where the words say it."""
    many: Counter[str] = Counter()
    named: dict[str, int] = {}
    for path in _outermost(gone):
        word = _WORDS.get(str(path[0]))
        entry = document.at(path)
        name = (
            entry.get("name")
            if isinstance(entry, dict) and word not in ("rate", "row of the calendar", "line of the earlier plan")
            else None
        )
        if path[-1] == "incumbent":
            named[f"the incumbent of {path[1]} with all that leaving it costs"] = 0
        elif name is not None:
            named[f"the {word or 'entry'} '{name}'"] = 0
        elif word is not None and len(path) == 2:
            many[word] += 1
        else:
            named[".".join(map(str, path))] = 0
    return {**many, **named}


def _uncertain(document: Document, out: Mapping[str, Sequence[str]], told: dict[str, int]) -> None:
    """Take amounts of what is taken out from the causes, pairs and dates of `uncertain`, and what has none left with them."""
    block = document.data.get("uncertain")
    lost: list[str] = []
    for key, of, least in (("factors", "of", 1), ("together", "amounts", 2), ("known", "of", 1)):
        entries = _mapping(block).get(key)
        gone: list[Path_] = []
        for name, entry in list(entries.items() if isinstance(entries, dict) else enumerate(_list(entries))):
            amounts = _list(_mapping(entry).get(of))
            left = [one for one in amounts if one not in lost and not _is_of(str(one), out)]
            if len(left) == len(amounts):
                continue
            path: Path_ = ("uncertain", key, name)
            if len(left) < least:
                gone.append(path)
                told[f"{'.'.join(map(str, path))}"] = 0
            else:
                entry[of] = left
        lost += [str(path[-1]) for path in gone if key == "factors"]
        _drop(document, gone)


def _is_of(amount: str, out: Mapping[str, Sequence[str]]) -> bool:
    """Whether an amount, as `vendors.acme.capacity` or `capacity of acme`, is one of something that is taken out."""
    parts = steps(amount)
    if parts[0] == "rates" and len(parts) > 3:
        return parts[1] in out["products"] or parts[2] in out["vendors"]
    if parts[0] in out and len(parts) > 2:
        return parts[1] in out[parts[0]]
    names = "|".join(re.escape(name) for block in out.values() for name in sorted(block))
    return re.search(rf"\s(?:{names})(?:\s|$)", amount) is not None


def _idle_levers(document: Document, told: dict[str, int]) -> None:
    """Take out levers that have lost all they change or open, and their names in other levers."""
    levers = _mapping(document.data.get("levers"))
    idle = [
        name for name, one in levers.items() if isinstance(one, dict) and not (one.get("effect") or one.get("opens"))
    ]
    for name in idle:
        remove(document, ("levers", name))
        for words in [words for words in told if words.startswith(f"levers.{name}.")]:
            del told[words]
        told[f"the lever '{name}'"] = 0
    for one in levers.values():
        for key in ("excludes", "needs"):
            names = _list(one.get(key)) if isinstance(one, dict) else []
            if set(names) & set(idle):
                one[key] = [other for other in names if other not in idle]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
