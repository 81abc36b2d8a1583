"""A proof over sets of engaged vendors as JSON, written and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from allocate.certificate.branched import Change
from allocate.certificate.engagement.proof import Engaged, Look, PartDuals
from allocate.record.plain_values import is_number, is_whole

KEYS = {"by", "target", "order", "looks", "rays"}


def engaged_json(proof: Engaged) -> dict[str, Any]:
    """Price vectors with duals of products and fees, and rays of products, as lists."""
    looks = [
        {
            **_change_json(one.prices),
            "parts": _parts_json(one.parts),
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
        "rays": _parts_json(proof.rays),
    }


def read_engaged(data: Mapping[str, Any]) -> Engaged:
    """What `engaged_json` wrote; ValueError with what is wrong, in words."""
    if set(data) != KEYS or not isinstance(data["looks"], list):
        raise ValueError("an object was expected, of by, target, order, looks and rays")
    if not is_number(data["target"]) or not _wholes(data["order"]):
        raise ValueError("the target is a number, the order whole numbers")
    looks = tuple(map(_look, data["looks"]))
    return Engaged(float(data["target"]), tuple(data["order"]), looks, _parts(data["rays"]))


def _change_json(change: Change) -> dict[str, Any]:
    return {"rows": list(change.rows), "duals": list(change.values)}


def _parts_json(parts: Sequence[PartDuals]) -> list[dict[str, Any]]:
    return [{"inside": one.inside, **_change_json(one.duals)} for one in parts]


def _look(data: Any) -> Look:
    if not (isinstance(data, dict) and set(data) == {"rows", "duals", "parts", "fees"}):
        raise ValueError("a price vector needs rows, duals, parts and fees")
    return Look(_change(data), _parts(data["parts"]), _fees(data["fees"]))


def _fees(data: Any) -> tuple[tuple[int, int, float], ...]:
    if not (isinstance(data, dict) and set(data) == {"inside", "vendor", "amount"}):
        raise ValueError("fees need three lists, inside, vendor and amount")
    inside, vendor, amount = data["inside"], data["vendor"], data["amount"]
    if not (_wholes(inside) and _wholes(vendor) and isinstance(amount, list) and all(map(is_number, amount))):
        raise ValueError("of fees, columns are whole numbers and amounts numbers")
    if not len(inside) == len(vendor) == len(amount):
        raise ValueError("fees need three lists of one length")
    return tuple(zip(inside, vendor, map(float, amount), strict=True))


def _parts(data: Any) -> tuple[PartDuals, ...]:
    if not isinstance(data, list):
        raise ValueError("duals of products are a list")
    for one in data:
        if not (isinstance(one, dict) and set(one) == {"inside", "rows", "duals"} and is_whole(one["inside"])):
            raise ValueError("duals of a product need inside, a column's number, and rows and duals")
    return tuple(PartDuals(one["inside"], _change(one)) for one in data)


def _change(data: Mapping[str, Any]) -> Change:
    rows, duals = data["rows"], data["duals"]
    if not (_wholes(rows) and isinstance(duals, list) and all(map(is_number, duals))):
        raise ValueError("rows are whole numbers and duals numbers")
    if len(rows) != len(duals) or len(set(rows)) != len(rows):
        raise ValueError(f"there are {len(rows)} rows, {len(duals)} duals; each once is needed")
    return Change(tuple(rows), tuple(map(float, duals)))


def _wholes(data: Any) -> bool:
    return isinstance(data, list) and all(map(is_whole, data))
