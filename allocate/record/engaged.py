"""A proof over sets of engaged vendors as JSON, written and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from allocate.certificate.branched import Change
from allocate.certificate.engagement.proof import Engaged, Look, ProductSet
from allocate.record.plain_values import is_number, is_whole

KEYS = {"by", "target", "order", "looks", "empty"}


def engaged_json(proof: Engaged) -> dict[str, Any]:
    """Price vectors with duals of product-vendor sets and fees, and sets without a point, as lists."""
    looks = [
        {
            **_change_json(one.prices),
            "sets": _sets_json(one.sets),
            "fees": {
                "inside": [inside for inside, _, _ in one.fees],
                "vendor": [vendor for _, vendor, _ in one.fees],
                "amount": [amount for _, _, amount in one.fees],
            },
        }
        for one in proof.looks
    ]
    return {
        "by": proof.by,
        "target": proof.target,
        "order": list(proof.order),
        "looks": looks,
        "empty": _sets_json(proof.empty),
    }


def read_engaged(data: Mapping[str, Any]) -> Engaged:
    """What `engaged_json` wrote; ValueError with what is wrong, in words."""
    if set(data) != KEYS or not isinstance(data["looks"], list):
        raise ValueError("an object was expected, of by, target, order, looks and empty")
    if not is_number(data["target"]) or not _wholes(data["order"]):
        raise ValueError("the target is a number, the order whole numbers")
    looks = tuple(map(_look, data["looks"]))
    return Engaged(float(data["target"]), tuple(data["order"]), looks, _sets(data["empty"]))


def _change_json(change: Change) -> dict[str, Any]:
    return {"rows": list(change.rows), "duals": list(change.values)}


def _sets_json(sets: Sequence[ProductSet]) -> list[dict[str, Any]]:
    return [{"inside": one.inside, "vendors": list(one.vendors), **_change_json(one.duals)} for one in sets]


def _look(data: Any) -> Look:
    if not (isinstance(data, dict) and set(data) == {"rows", "duals", "sets", "fees"}):
        raise ValueError("a price vector needs rows, duals, sets and fees")
    return Look(_change(data), _sets(data["sets"]), _fees(data["fees"]))


def _fees(data: Any) -> tuple[tuple[int, int, float], ...]:
    if not (isinstance(data, dict) and set(data) == {"inside", "vendor", "amount"}):
        raise ValueError("fees need three lists, inside, vendor and amount")
    inside, vendor, amount = data["inside"], data["vendor"], data["amount"]
    if not (_wholes(inside) and _wholes(vendor) and isinstance(amount, list) and all(map(is_number, amount))):
        raise ValueError("of fees, columns are whole numbers and amounts numbers")
    if not len(inside) == len(vendor) == len(amount):
        raise ValueError("fees need three lists of one length")
    return tuple(zip(inside, vendor, map(float, amount), strict=True))


def _sets(data: Any) -> tuple[ProductSet, ...]:
    if not isinstance(data, list):
        raise ValueError("product-vendor sets are a list")
    for one in data:
        if not (
            isinstance(one, dict) and set(one) == {"inside", "vendors", "rows", "duals"} and is_whole(one["inside"])
        ):
            raise ValueError("a product-vendor set needs inside, vendors, rows and duals")
        if not _wholes(one["vendors"]):
            raise ValueError("vendors of a product-vendor set are columns' numbers")
    return tuple(ProductSet(one["inside"], tuple(one["vendors"]), _change(one)) for one in data)


def _change(data: Mapping[str, Any]) -> Change:
    rows, duals = data["rows"], data["duals"]
    if not (_wholes(rows) and isinstance(duals, list) and all(map(is_number, duals))):
        raise ValueError("rows are whole numbers and duals numbers")
    if len(rows) != len(duals) or len(set(rows)) != len(rows):
        raise ValueError(f"there are {len(rows)} rows, {len(duals)} duals; each once is needed")
    return Change(tuple(rows), tuple(map(float, duals)))


def _wholes(data: Any) -> bool:
    return isinstance(data, list) and all(map(is_whole, data))
