"""The certificate of an answer as JSON, written and read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from allocate.certificate.certificate import Certificate, Sparse
from allocate.record.plain_values import plain
from allocate.verification import TOLERANCE, Verification


def certificate_json(certificate: Certificate, found: Verification) -> dict[str, Any]:
    """What was checked of a plan, and the proof of its bound."""
    fixed = certificate.fixed
    return {
        "holds": found.holds,
        "checks": len(found.checks),
        "tolerance": TOLERANCE,
        "rounding": found.rounding,
        "least_slack": min((c.slack / max(1.0, abs(c.limit)) for c in found.checks if not c.broken), default=None),
        "bound": {
            "kind": certificate.kind,
            "proven": certificate.proven,
            "proven_of_pieces": certificate.proven_of_pieces,
            "curve_error": certificate.curve_error,
            "claimed_by_solver": certificate.claimed,
            "gap_in_money": certificate.gap_in_money,
            "duals": _sparse(certificate.duals, "rows"),
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
    if any(not isinstance(one, int) or isinstance(one, bool) for one in positions):
        raise ValueError(f"{family}: {axis} are whole numbers")
    if any(not isinstance(one, (int, float)) or isinstance(one, bool) for one in values):
        raise ValueError(f"{family}: values are numbers")
    return dict(zip(positions, map(float, values), strict=True))


def _sparse(numbers: Sparse, axis: str) -> dict[str, Any]:
    return {family: {axis: list(one), "values": list(one.values())} for family, one in numbers.items()}
