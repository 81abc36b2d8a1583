"""Times of payment: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import clause, told_once_each

MISTAKES: list[Any] = [
    pytest.param(
        clause("payment: -30 days"),
        "case.yaml:32:54",
        "vendors.acme.contract.payment is before the work ('-30 days')",
        "write `in advance`, or days after it as in `30 days`",
        id="before signing",
    ),
    pytest.param(
        clause("payment: 30"),
        "case.yaml:32:54",
        "vendors.acme.contract.payment expects days after which it is paid, got '30'",
        "write it as in `30 days`, or `in advance`",
        id="no unit",
    ),
    pytest.param(
        clause("payment: 30 h"),
        "case.yaml:32:54",
        "vendors.acme.contract.payment expects days after which it is paid, got '30 h'",
        "write it as in `30 days`, or `in advance`",
        id="hours",
    ),
]

test_mistakes = told_once_each(MISTAKES)
