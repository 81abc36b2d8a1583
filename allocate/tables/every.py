"""All tables there are, by the names that files and frames have for them."""

from __future__ import annotations

from allocate.tables import odds, pilots, plan, routes, studies, tools, tracked
from allocate.tables.model import MODEL

TABLES = {
    "lines": plan.LINES, "mix": plan.MIX, "products": plan.PRODUCTS, "vendors": plan.VENDORS, "invoice": (*plan.INVOICE_TABLE, *plan.FISCAL),
    "payees": plan.PAYEES,    "staff": plan.STAFF, "levers": plan.LEVERS, "pipeline": plan.PIPELINE, "penalties": plan.BROKEN,
    "cash_flow": plan.CASH, "limits": plan.LIMITS, "routes": routes.ROUTES, "errors": routes.ERRORS,
    "pools": tools.POOLS, "checked": tools.CHECKED, "curves": tools.CURVES, "staffing": tools.STAFFING, "spreads": tools.SPREADS,
    "odds": odds.LIMITS, "odds_money": odds.MONEY, "odds_products": odds.MADE,
    "bridge": tracked.BRIDGE, "measured": tracked.MEASURED, "tracked": tracked.TRACKED, "changes": tracked.CHANGES,
    "pilot_designs": pilots.DESIGNS, "pilot_rules": pilots.RULES, "pilot_plans": pilots.PLANS, "pilot_totals": pilots.TOTALS,
    **{f"study_{name}": columns for name, columns in studies.KINDS.items()}, "study_parts": studies.PARTS,
    **{f"model_{name}": columns for name, columns in MODEL.items()},
}  # fmt: skip
