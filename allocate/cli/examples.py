"""Two examples of each command, which its help ends with: from the everyday to what few know."""

from __future__ import annotations

import click

EXAMPLES = {
    "init": ("init q1", "init cases-of-ours/2027-q1"),
    "check": ("check q1", "check q1 --set budget='300k USD'"),
    "solve": ("solve q1", "solve q1 --scenario half-the-budget --out plan.json"),
    "verify": ("verify plan.json q1", "verify plan.json q1 --limits"),
    "report": ("report q1 --out q1-report", "report q1 --out q1-report --award"),
    "dashboard": ("dashboard q1", "dashboard q1 --against latest --actuals actuals --read-only"),
    "explain": ("explain q1", "explain q1 --alternatives --within 1%"),
    "assumptions": ("assumptions q1", "assumptions q1 --plans 50 --format md"),
    "costs": ("costs q1", "costs q1 --trace photos/studio/single-pass"),
    "tco": ("tco q1 --by month", "tco q1 --against half-the-budget"),
    "bottlenecks": ("bottlenecks q1", "bottlenecks q1 --format csv"),
    "compare": ("compare q1 --scenario studio-slips --set budget='8k USD'", "compare q1 q2 --out comparison"),
    "diff": ("diff main/cases/q1 cases/q1", "diff plan.json q1 --fail-over 5%"),
    "frontier": ("frontier q1 --budget 2k:8k:7", "frontier q1 --accuracy 92%:99%:8 --product photos"),
    "sensitivity": ("sensitivity q1 --by 20%", "sensitivity q1 --vary 'budget=4k USD,6k USD' --vary hurdle=1,1.5"),
    "scale": ("scale q1 --product photos", "scale q1 --product photos --factors 0.5,1,2"),
    "mix": ("mix q1 --from crowd --to studio", "mix q1 --from crowd --to studio --steps 10"),
    "odds": ("odds q1", "odds q1 --spread 10% --plan plan.json"),
    "hedge": ("hedge q1 --odds 90%", "hedge q1 --of deadlines,budget --odds 90% --out plan.json"),
    "pilot": ("pilot q1", "pilot q1 --scenarios 256 --format json"),
    "curve": ("curve q1 --product photos", "curve q1 --product photos --format csv"),
    "sampling": ("sampling plan --good 1% --bad 5% --lot 1000", "sampling precision --accuracy 97% --within 1%"),
    "sampling curve": (
        "sampling curve --sample 80 --accept 2",
        "sampling curve --sample 50 --accept 1 --second 100 --accept-both 3",
    ),
    "sampling plan": ("sampling plan --good 1% --bad 5%", "sampling plan --good 1% --bad 5% --lot 1000"),
    "sampling precision": (
        "sampling precision --accuracy 97% --within 1%",
        "sampling precision --accuracy 97% --within 1% --lot 5000",
    ),
    "sampling interval": (
        "sampling interval --right 188 --checked 200",
        "sampling interval --right 188 --checked 200 --confidence 90%",
    ),
    "sampling agreement": (
        "sampling agreement --agreeing 425 --pairs 500",
        "sampling agreement --agreeing 425 --pairs 500 --classes 4",
    ),
    "staffing": (
        "staffing --arrivals 720 --handling 240 --share 85% --within 20",
        "staffing --arrivals 720 --handling 240 --share 85% --within 20 --batch 50",
    ),
    "actuals": (
        "actuals import export.json --guess",
        "actuals import export.json --map map.yaml --out actuals",
    ),
    "actuals import": (
        "actuals import export.json --guess > map.yaml",
        "actuals import export.json --map map.yaml --out actuals",
    ),
    "calibrate": ("calibrate q1 --actuals actuals", "calibrate q1 --actuals actuals --out measured.yaml"),
    "bridge": ("bridge --from q1 --to q2", "bridge --from q1 --to q1 --actuals actuals"),
    "track": ("track q1 --plan latest --actuals actuals", "track q1 --plan plan.json --actuals actuals --at 6"),
    "replan": (
        "replan q1 --plan latest --actuals actuals --from 'week 5'",
        "replan q1 --plan plan.json --actuals actuals --from 'week 5' --measured measured.yaml --letters letters",
    ),
    "runs": ("runs", "runs diff latest~1 latest"),
    "runs show": ("runs show latest", "runs show 3b1e33a1"),
    "runs diff": ("runs diff", "runs diff monday.json latest"),
    "runs remove": ("runs remove 3b1e33a1", "runs remove latest~2"),
    "runs rebuild": ("runs rebuild", "ALLOCATE_HOME=/srv/plans allocate runs rebuild"),
    "model": ("model", "model q1 --part workflows"),
    "schema": ("schema > case.schema.json", "schema --tables"),
    "export": ("export q1 --out program.lp", "export q1 --tables tables --scenario all"),
    "mcp": ("mcp", "mcp q1"),
    "help": ("help", "help hurdle"),
}
"""By what is typed behind `allocate`."""


def with_examples(command: click.Command, called: str) -> click.Command:
    """The command with its examples at the end of its help, and those of the commands below it."""
    lines = [f"  {one}" if "allocate " in one else f"  allocate {one}" for one in EXAMPLES.get(called, ())]
    command.epilog = "\b\n" + "\n".join(["Examples:", *lines]) if lines else None
    for name, below in command.commands.items() if isinstance(command, click.Group) else ():
        with_examples(below, f"{called} {name}")
    return command
