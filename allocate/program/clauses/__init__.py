"""Clauses of contracts in the program, one a file: columns, rows and money. `CLAUSES` is the index, in the order of the bill."""

from __future__ import annotations

from allocate.program.clauses import (
    billed,
    ceiling,
    commitment,
    levers,
    minimum_order,
    onboarding,
    order_multiple,
    penalties,
    price,
    price_lock,
    product_start,
    quality,
    rebate,
    retainer,
    seats,
    stock,
    switching,
    tiers,
    volume_discount,
    wages,
)
from allocate.program.sections import Section, Stage, at, rows

CLAUSES: tuple[Section, ...] = (
    Section("price", at(Stage.LEARNING, price.learned_price)),
    Section("tiers", at(Stage.OWED, tiers.tiers)),
    Section("platform_fee", instead="The fee is a share of prices: in the cost of items, and in that of steps of tiers."),
    Section("quality", at(Stage.OWED_ON_RESULTS, quality.delivered_accuracy)),
    Section("lateness", instead="The price of an item that comes late by its route's lead is in the cost of its column."),
    Section(
        "early_payment",
        instead="The discount is a share of prices: in the cost of items, and in that of steps of tiers.",
    ),
    Section("payment", instead="When money leaves says which budget it counts in, and how it is discounted in goals."),
    Section("pre_labelling", instead="What a model charges for an item is in the cost of its column."),
    Section("review", instead="The cost of checking an item is in the cost of its column; reviewers' hours are a capacity."),
    Section("onboarding", at(Stage.OWED, onboarding.onboarding)),
    Section("retainer", at(Stage.OWED, retainer.retainer)),
    Section("product_start", at(Stage.OWED, product_start.product_start)),
    Section("commitment", at(Stage.OWED_ON_PRICES, commitment.commitment, commitment.minimum_invoice, commitment.minimum_platform_fee)),
    Section("ceiling", at(Stage.ORDERS, ceiling.ceiling), rows=rows("means", "side", "ceiling")),
    Section("minimum_order", at(Stage.ORDERS, minimum_order.minimum_order)),
    Section("order_multiple", at(Stage.ORDERS, order_multiple.order_multiple)),
    Section("seats", at(Stage.OWED, seats.seats)),
    Section("switching", at(Stage.OWED, switching.switching_cost)),
    Section("rebate", at(Stage.OWED_ON_PRICES, rebate.rebate)),
    Section("volume_discount", at(Stage.OWED_ON_PRICES, volume_discount.volume_discount)),
    Section(
        "levers",
        at(Stage.CHOICES, levers.lever_columns)
        + at(Stage.OWED_ON_RESULTS, levers.lever_charges)
        + at(Stage.LEVERS, levers.lever_use, levers.lever_always, levers.lever_exclusion, levers.lever_needs),
        rows=rows("means", "", "lever_use", "lever_product", "lever_capacity", "lever_always"),
    ),
    Section("price_lock", at(Stage.LEVERS, price_lock.price_lock), rows=rows("means", "", "price_lock", "price_lock_term")),
    Section(
        "wages",
        at(
            Stage.PEOPLE, wages.team_people, wages.team_person_periods, wages.team_proficient, wages.team_hours, wages.team_overtime,
            wages.team_hires, wages.team_shifts, wages.pay,
        ),
        rows=rows("means", "side", "team_hours"),
    ),
    Section("billed", at(Stage.OWED, billed.beyond_contract)),
    Section("penalties", at(Stage.OWED_ON_RESULTS, penalties.paid_penalties)),
    Section(
        "stock",
        at(Stage.OWED_ON_RESULTS, stock.stock_balance) + at(Stage.LIMITS, stock.stock_needed),
        rows=rows("results", "side", "stock_needed"),
    ),
)  # fmt: skip
"""Every clause, in the order of the bill."""
