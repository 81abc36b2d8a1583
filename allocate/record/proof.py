"""The certificate of an answer as JSON, written and read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from allocate.certificate.branched import Branched, Change, Tree
from allocate.certificate.certificate import Certificate, Sparse
from allocate.program.partition import AXIS, WHOLE
from allocate.record.plain_values import plain
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
            "branched": None if certificate.branched is None else _branched(certificate.branched),
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
    if not all(map(_whole, positions)):
        raise ValueError(f"{family}: {axis} are whole numbers")
    if not all(map(_number, values)):
        raise ValueError(f"{family}: values are numbers")
    return dict(zip(positions, map(float, values), strict=True))


def _branched(proof: Branched) -> dict[str, Any]:
    """Trees as lists: a branching is a column and the greatest whole number of its low side, a leaf is null."""
    trees = [
        {
            "branchings": [None if one is None else list(one) for one in tree.branchings],
            "leaves": [{"rows": list(leaf.rows), "duals": list(leaf.values)} for leaf in tree.leaves],
        }
        for tree in proof.trees
    ]
    return {"by": proof.by, "trees": trees}


def read_branched(data: Any) -> Branched:
    """Trees as `_branched` wrote them; ValueError with what is wrong, in words."""
    if not (isinstance(data, dict) and set(data) == {"by", "trees"} and isinstance(data["trees"], list)):
        raise ValueError("an object of two was expected, by and trees")
    if data["by"] not in (AXIS, WHOLE):
        raise ValueError(f"columns are grouped by {AXIS} or {WHOLE}, not by {data['by']!r}")
    return Branched(data["by"], tuple(map(_tree, data["trees"])))


def _tree(data: Any) -> Tree:
    if not (isinstance(data, dict) and set(data) == {"branchings", "leaves"} and _lists(data)):
        raise ValueError("a tree needs two lists, branchings and leaves")
    for one in data["branchings"]:
        if one is not None and not (isinstance(one, list) and len(one) == 2 and all(map(_whole, one))):
            raise ValueError("a branching is two whole numbers, or null for a leaf")
    for leaf in data["leaves"]:
        if not (isinstance(leaf, dict) and set(leaf) == {"rows", "duals"} and _lists(leaf)):
            raise ValueError("a leaf needs two lists, rows and duals")
        if len(leaf["rows"]) != len(leaf["duals"]) or len(set(map(str, leaf["rows"]))) != len(leaf["rows"]):
            raise ValueError(f"a leaf has {len(leaf['rows'])} rows, {len(leaf['duals'])} duals; each once is needed")
        if not all(map(_whole, leaf["rows"])) or not all(map(_number, leaf["duals"])):
            raise ValueError("rows are whole numbers and duals numbers")
    branchings = tuple(None if one is None else (one[0], one[1]) for one in data["branchings"])
    leaves = [Change(tuple(leaf["rows"]), tuple(map(float, leaf["duals"]))) for leaf in data["leaves"]]
    return Tree(branchings, tuple(leaves))


def _lists(data: Mapping[str, Any]) -> bool:
    return all(isinstance(one, list) for one in data.values())


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sparse(numbers: Sparse, axis: str) -> dict[str, Any]:
    return {family: {axis: list(one), "values": list(one.values())} for family, one in numbers.items()}
