"""The plan as a workbook for finance: inputs that can be changed, and formulas that follow them to the totals."""
