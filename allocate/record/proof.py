"""The certificate of an answer as JSON, written and read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from allocate.certificate.branched import Branch, Branched, Branching, Change, Tree, unbranched
from allocate.certificate.certificate import Certificate, Sparse
from allocate.certificate.engagement.proof import Engaged
from allocate.certificate.facility_location.proof import Opened, Priced
from allocate.certificate.parted_work import PartedWork
from allocate.program.partition import AXIS, WHOLE
from allocate.record.engaged import engaged_json, read_engaged
from allocate.record.plain_values import is_number, is_whole, plain
from allocate.verification import TOLERANCE, Verification


def certificate_json(certificate: Certificate, found: Verification) -> dict[str, Any]:
    """What was checked of a plan, and the proof of its bound."""
    fixed = certificate.fixed
    return {
        "holds": found.holds,
        "checks": len(found.checks),
        "tolerance": TOLERANCE,
        "arithmetic": "exact",
        "least_slack": min((c.slack / max(1.0, abs(c.limit)) for c in found.checks if not c.broken), default=None),
        "bound": {
            "kind": certificate.kind,
            "proven": certificate.proven,
            "proven_of_pieces": certificate.proven_of_pieces,
            "curve_error": certificate.curve_error,
            "claimed_by_solver": certificate.claimed,
            "gap_in_money": certificate.gap_in_money,
            "proven_gap": certificate.proven_gap,
            "duals": _sparse(certificate.duals, "rows"),
            "branched": _trees_of(certificate),
            "same_whole_numbers": None
            if fixed is None
            else {
                "proven": fixed.proven,
                "columns": _sparse(fixed.whole, "columns"),
                "duals": _sparse(fixed.duals, "rows"),
            },
        },
    }


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document without its own digest and the seconds it took, whatever its order of keys and spacing."""
    rest = {key: value for key, value in document.items() if key != "digest"}
    if isinstance(rest.get("run"), Mapping):
        rest["run"] = {key: value for key, value in rest["run"].items() if key != "seconds"}
    text = json.dumps(plain(rest), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_sparse(data: Any, axis: str) -> Sparse:
    """Numbers by family and position as `_sparse` wrote them; ValueError with what is wrong, in words."""
    if not isinstance(data, dict):
        raise ValueError(f"an object of families was expected, with {axis} and values of each")
    return {family: _family(family, one, axis) for family, one in data.items()}


def _family(family: str, data: Any, axis: str) -> dict[int, float]:
    if not (
        isinstance(data, dict) and set(data) == {axis, "values"} and all(isinstance(v, list) for v in data.values())
    ):
        raise ValueError(f"{family} needs two lists, {axis} and values")
    positions, values = data[axis], data["values"]
    if len(positions) != len(values) or len(set(map(str, positions))) != len(positions):
        raise ValueError(f"{family} has {len(positions)} {axis}, {len(values)} values; each once is needed")
    if not all(map(is_whole, positions)):
        raise ValueError(f"{family}: {axis} are whole numbers")
    if not all(map(is_number, values)):
        raise ValueError(f"{family}: values are numbers")
    return dict(zip(positions, map(float, values), strict=True))


def _trees_of(certificate: Certificate) -> dict[str, Any] | None:
    if isinstance(certificate.branched, Engaged):
        return engaged_json(certificate.branched)
    if isinstance(certificate.branched, Opened):
        return opened_json(certificate.branched)
    if isinstance(certificate.branched, PartedWork):
        return parted_json(certificate.branched)
    return None if certificate.branched is None else branched_json(certificate.branched)


def opened_json(proof: Opened) -> dict[str, Any]:
    """Boxes of choices as lists: prices of the rows named, and the column of the choice a box is cut at, or null."""
    boxes = [{"duals": list(one.duals), "cut": one.column} for one in proof.boxes]
    return {"by": proof.by, "target": proof.target, "rows": list(proof.rows), "boxes": boxes}


def read_opened(data: Mapping[str, Any]) -> Opened:
    """Boxes as `opened_json` wrote them; ValueError with what is wrong, in words."""
    if set(data) != {"by", "target", "rows", "boxes"} or not isinstance(data["boxes"], list):
        raise ValueError("an object was expected, of by, target, rows and boxes")
    rows = data["rows"]
    if not is_number(data["target"]) or not isinstance(rows, list) or not all(map(is_whole, rows)):
        raise ValueError("the target is a number, rows are whole numbers")
    if len(set(rows)) != len(rows):
        raise ValueError(f"{len(rows)} rows are named; each once is needed")
    return Opened(float(data["target"]), tuple(rows), tuple(_box(one, len(rows)) for one in data["boxes"]))


def _box(data: Any, count: int) -> Priced:
    if not (isinstance(data, dict) and set(data) == {"duals", "cut"} and isinstance(data["duals"], list)):
        raise ValueError("a box needs a list of duals, and where it is cut")
    if len(data["duals"]) != count or not all(map(is_number, data["duals"])):
        raise ValueError(f"a box needs {count} duals that are numbers, one for each row")
    if data["cut"] is not None and not is_whole(data["cut"]):
        raise ValueError("a box is cut at a column's number, or null where it is not cut")
    return Priced(tuple(map(float, data["duals"])), data["cut"])


def parted_json(proof: PartedWork) -> dict[str, Any]:
    """Partings as lists of a pair, a period and standard hours, a leaf as null; duals of the leaves."""
    partings = [None if one is None else list(one) for one in proof.partings]
    return {"by": proof.by, "partings": partings, "leaves": list(map(_change_json, proof.leaves_duals))}


def read_parted(data: Mapping[str, Any]) -> PartedWork:
    """Partings as `parted_json` wrote them; ValueError with what is wrong, in words."""
    if set(data) != {"by", "partings", "leaves"} or not all(
        isinstance(data[key], list) for key in ("partings", "leaves")
    ):
        raise ValueError("an object was expected, of by, partings and leaves")
    for one in data["partings"]:
        if one is None:
            continue
        if not (isinstance(one, list) and len(one) == 3 and all(map(is_whole, one[:2])) and is_number(one[2])):
            raise ValueError("a parting is a pair, a period and standard hours, or null for a leaf")
    partings = tuple(None if one is None else (one[0], one[1], float(one[2])) for one in data["partings"])
    return PartedWork(partings, tuple(_change(_leaf(one), "a leaf") for one in data["leaves"]))


def branched_json(proof: Branched) -> dict[str, Any]:
    """Trees as lists: a branching is a column and the greatest whole number of its low side, a leaf is null."""
    if proof.branchings == (None,):
        return {"by": proof.by, "trees": _trees_json(proof.branches[0].trees)}
    branches = [{**_change_json(one.duals), "trees": _trees_json(one.trees)} for one in proof.branches]
    return {"by": proof.by, "branchings": _branchings_json(proof.branchings), "branches": branches}


def _trees_json(trees: Sequence[Tree]) -> list[dict[str, Any]]:
    return [
        {"branchings": _branchings_json(one.branchings), "leaves": list(map(_change_json, one.leaves))} for one in trees
    ]


def _branchings_json(branchings: Sequence[Branching | None]) -> list[list[int] | None]:
    return [None if one is None else list(one) for one in branchings]


def _change_json(change: Change) -> dict[str, Any]:
    return {"rows": list(change.rows), "duals": list(change.values)}


def read_branched(data: Any) -> Branched | Opened | Engaged | PartedWork:
    """Trees as `branched_json` wrote them, or what `opened_json`, `engaged_json` and `parted_json` did; ValueError with what is wrong."""
    if isinstance(data, dict) and data.get("by") == Engaged.by:
        return read_engaged(data)
    if isinstance(data, dict) and data.get("by") == PartedWork.by:
        return read_parted(data)
    if isinstance(data, dict) and data.get("by") == Opened.by:
        return read_opened(data)
    if not isinstance(data, dict) or set(data) not in ({"by", "trees"}, {"by", "branchings", "branches"}):
        raise ValueError("an object was expected, of by and trees, or of by, branchings and branches")
    if not all(isinstance(one, list) for key, one in data.items() if key != "by"):
        raise ValueError("trees, branchings and branches are lists")
    if data["by"] not in (AXIS, WHOLE):
        raise ValueError(f"columns are grouped by {AXIS}, {WHOLE}, {Opened.by} or {Engaged.by}, not by {data['by']!r}")
    if "trees" in data:
        return unbranched(data["by"], tuple(map(_tree, data["trees"])))
    return Branched(data["by"], tuple(map(_branch, data["branches"])), _branchings(data["branchings"]))


def _branch(data: Any) -> Branch:
    if not (isinstance(data, dict) and set(data) == {"rows", "duals", "trees"} and _lists(data)):
        raise ValueError("a branch needs three lists, rows, duals and trees")
    return Branch(_change(data, "a branch"), tuple(map(_tree, data["trees"])))


def _tree(data: Any) -> Tree:
    if not (isinstance(data, dict) and set(data) == {"branchings", "leaves"} and _lists(data)):
        raise ValueError("a tree needs two lists, branchings and leaves")
    return Tree(_branchings(data["branchings"]), tuple(_change(_leaf(leaf), "a leaf") for leaf in data["leaves"]))


def _leaf(data: Any) -> Mapping[str, Any]:
    if not (isinstance(data, dict) and set(data) == {"rows", "duals"} and _lists(data)):
        raise ValueError("a leaf needs two lists, rows and duals")
    return data


def _branchings(data: Sequence[Any]) -> tuple[Branching | None, ...]:
    for one in data:
        if one is not None and not (isinstance(one, list) and len(one) == 2 and all(map(is_whole, one))):
            raise ValueError("a branching is two whole numbers, or null for a leaf")
    return tuple(None if one is None else (one[0], one[1]) for one in data)


def _change(data: Mapping[str, Any], what: str) -> Change:
    rows, duals = data["rows"], data["duals"]
    if len(rows) != len(duals) or len(set(map(str, rows))) != len(rows):
        raise ValueError(f"{what} has {len(rows)} rows, {len(duals)} duals; each once is needed")
    if not all(map(is_whole, rows)) or not all(map(is_number, duals)):
        raise ValueError("rows are whole numbers and duals numbers")
    return Change(tuple(rows), tuple(map(float, duals)))


def _lists(data: Mapping[str, Any]) -> bool:
    return all(isinstance(one, list) for one in data.values())


def _sparse(numbers: Sparse, axis: str) -> dict[str, Any]:
    return {family: {axis: list(one), "values": list(one.values())} for family, one in numbers.items()}
