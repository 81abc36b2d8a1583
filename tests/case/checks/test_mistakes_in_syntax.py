"""Mistakes in the file itself: keys, YAML, encodings, size, bombs. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

import pytest
from mistakes import told_once_each

MISTAKES = [
    pytest.param(
        [("case.yaml", "hurdle:", "hurdel:")],
        "case.yaml:7:1",
        "unknown key 'hurdel', did you mean 'hurdle'?",
        "write `hurdle`",
        id="an unknown key of the case",
    ),
    pytest.param(
        [("case.yaml", "deadline:", "dedline:")],
        "case.yaml:16:5",
        "unknown key 'dedline' in products.moderation, did you mean 'deadline'?",
        "write `deadline`",
        id="an unknown key of a product",
    ),
    pytest.param(
        [("case.yaml", "capacity: 60 h/week", "zzz: 60 h/week")],
        "case.yaml:35:31",
        "unknown key 'zzz' in review-team",
        "known keys: wage, capacity, people, hours, shrinkage, utilisation, working-days, holidays, answer, note",
        id="an unknown key like nothing there is",
    ),
    pytest.param(
        [("case.yaml", "contract: {per: hour, price: 300 PHP/h}", "contract: {price: 300 PHP/h, platform-fee: 20%}")],
        "case.yaml:32:34",
        "unknown key 'platform-fee' in vendors.acme.contract",
        "write it in vendors.acme, which has that key",
        id="a key of the block around",
    ),
    pytest.param(
        [("case.yaml", "worth:", "wort:")],
        "case.yaml:19:36",
        "unknown key 'wort' in products.moderation.value, did you mean 'worth'?",
        "write `worth`",
        id="an unknown key of a block in a product",
    ),
    pytest.param(
        [("case.yaml", "lead:", "leed:")],
        "case.yaml:31:5",
        "unknown key 'leed' in vendors.acme, did you mean 'lead'?",
        "write `lead`",
        id="an unknown key of a vendor",
    ),
    pytest.param(
        [("case.yaml", "at-most: 80%", "atmost: 80%")],
        "case.yaml:41:87",
        "unknown key 'atmost' in rules.\"no vendor above most\".share, did you mean 'at-most'?",
        "write `at-most`",
        id="an unknown key of a rule's share",
    ),
    pytest.param(
        [("case.yaml", "{total:", "{totl:")],
        "case.yaml:6:10",
        "unknown key 'totl' in budget, did you mean 'total'?",
        "write `total`",
        id="an unknown key of the budget",
    ),
    pytest.param(
        [("case.yaml", "currency: USD\n", "")],
        "case.yaml:1:1",
        "case.yaml needs the key 'currency'",
        "add `currency: …`",
        id="a required key left out",
    ),
    pytest.param(
        [("case.yaml", "at-most: 90k USD, ", "")],
        "case.yaml:6:36",
        "an entry of budget.limits needs the key 'at-most'",
        "add `at-most: …`",
        id="a required key of a block left out",
    ),
    pytest.param(
        [("case.yaml", "{start: 2027-01-04, weeks: 12}", "")],
        "case.yaml:4:1",
        "horizon is empty",
        "write its keys below it, indented",
        id="a block left empty",
    ),
    pytest.param(
        [("case.yaml", "{people: 10, hours: 40 h/week, shrinkage: 15%, ramp: [60%, 80%, 100%]}", "ten people")],
        "case.yaml:27:13",
        "vendors.in-house expects keys and values, got 'ten people'",
        "write `key: value` pairs; known keys: region, currency, people, staffing, own, hours, shrinkage, utilisation, working-days, holidays, ramp, ramp-from, ramp-paid, turnover, capacity, capacity-steps, team, lead, contract, onboarding, certified, accuracy, checked, productivity, learning, season, indexation, escalation, platform-fee, platform-fee-steps, minimum-platform-fee, excluded, tags, note",
        id="text where a block belongs",
    ),
    pytest.param(
        [("case.yaml", "  - {vendor: acme, week: 3, capacity: 900 h/week}", "  vendor: acme")],
        "case.yaml:38:3",
        "calendar expects a list, got keys and values",
        "write it as a list of one entry: `- ` before its first key, or `[{…}]` around it",
        id="a block where a list belongs",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "  in-house: {people: 10, hours: 40 h/week, shrinkage: 15%, ramp: [60%, 80%, 100%]}\n  acme:\n    region: PH\n    capacity: 1_200 h/week\n    lead: 1 week\n    contract: {per: hour, price: 300 PHP/h}\n    season: [{from: week 2, factor: 110%}, {from: week 8, factor: 100%}]\n",
                "  [in-house, acme]\n",
            )
        ],
        "case.yaml:27:3",
        "vendors expects keys and values, got a list",
        "write `key: value` pairs",
        id="a list where vendors belong",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                None,
                "case: c\ncurrency: USD\nhorizon: {start: 2027-01-04, weeks: 2}\nproducts: {}\nvendors: {a: {contract: {price: 1 USD/h}}}\n",
            )
        ],
        "case.yaml:1:1",
        "a case needs at least one product",
        "add one under `products:`",
        id="no products",
    ),
    pytest.param(
        [("case.yaml", "hurdle: 1.2\n", "hurdle: 1.2\nhurdle: 1.3\n")],
        "case.yaml:8:1",
        "'hurdle' is written twice, first in line 7",
        "keep one of them",
        id="a duplicate key",
    ),
    pytest.param(
        [("case.yaml", "\nvendors:\n", "  triage: {item: scan}\n\nvendors:\n")],
        "case.yaml:25:3",
        "'triage' is written twice, first in line 20",
        "keep one of them",
        id="a product written twice",
    ),
    pytest.param(
        [("case.yaml", "    item: scan", "\titem: scan")],
        "case.yaml:21:1",
        "case.yaml is not YAML: a tab stands where only spaces may",
        "indent with spaces, not tabs",
        id="a tab for indentation",
    ),
    pytest.param(
        [("case.yaml", "drivers: {box: 5.2/image}", "drivers: {box: 5.2/image")],
        "case.yaml:13:14",
        "case.yaml is not YAML: a mapping is opened here and not closed",
        "add `}` at its end",
        id="an unclosed bracket",
    ),
    pytest.param(
        [("case.yaml", "[single-pass]", "[single-pass")],
        "case.yaml:24:16",
        "case.yaml is not YAML: a list is opened here and not closed",
        "add `]` at its end",
        id="an unclosed list",
    ),
    pytest.param(
        [("case.yaml", "item: scan", "item: 'scan")],
        "case.yaml:21:11",
        "case.yaml is not YAML: a quotation mark is opened here and not closed",
        "close it",
        id="an unclosed quotation",
    ),
    pytest.param(
        [("case.yaml", "hurdle: 1.2\n", "hurdle: 1.2\nhurdle\n")],
        "case.yaml:8:1",
        "case.yaml is not YAML: this line is neither `key: value` nor a list entry",
        "write it as in `key: value`",
        id="a line that is no key",
    ),
    pytest.param(
        [("case.yaml", "hurdle: 1.2\n", "hurdle: 1.2\n    more: 1\n")],
        "case.yaml:8:9",
        "case.yaml is not YAML: a ':' stands where no key can be",
        "give the key a line of its own, aligned with its neighbours; or quote text that holds ': '",
        id="a key indented too far",
    ),
    pytest.param(
        [("case.yaml", "quarter", "@quarter")],
        "case.yaml:1:7",
        "case.yaml is not YAML: no value can start with @",
        "put quotation marks around it",
        id="a value that starts with an at sign",
    ),
    pytest.param(
        [("case.yaml", "case: quarter", 'case: "c:\\quarter"')],
        "case.yaml:1:11",
        "case.yaml is not YAML: a backslash in double quotes stands for itself only when doubled",
        "write `\\\\`",
        id="a backslash in quotes",
    ),
    pytest.param(
        [("case.yaml", "quarter", "quar\x01ter")],
        "case.yaml:1:11",
        "case.yaml holds a control character (U+0001)",
        "delete it",
        id="a control character",
    ),
    pytest.param(
        [("case.yaml", None, "")], "case.yaml", "case.yaml is empty", "write `key: value` lines", id="an empty file"
    ),
    pytest.param(
        [("case.yaml", None, "  \n# nothing\n\n")],
        "case.yaml",
        "case.yaml is empty",
        "write `key: value` lines",
        id="a file of white space and comments",
    ),
    pytest.param(
        [("case.yaml", None, b"\x7fELF\x00\x01\x02")],
        "case.yaml",
        "case.yaml is a binary file, not text",
        "save it as UTF-8 text",
        id="a binary file",
    ),
    pytest.param(
        [("case.yaml", None, "case: caf\xe9\n".encode("latin-1"))],
        "case.yaml:1:10",
        "case.yaml is not UTF-8 text: it was saved in another encoding, such as Latin-1",
        "save it as UTF-8",
        id="a file in Latin-1",
    ),
    pytest.param(
        [("case.yaml", None, "case: c\n".encode("utf-16"))],
        "case.yaml",
        "case.yaml is UTF-16 text, not UTF-8",
        "save it as UTF-8",
        id="a file in UTF-16",
    ),
    pytest.param(
        [("case.yaml", None, b"x y " * 2_500_000)],
        "case.yaml",
        "case.yaml has 10,000,000 bytes; at most 2,000,000 are read",
        "put large tables beside the case as CSV",
        id="10 MB of nonsense",
    ),
    pytest.param(
        [("case.yaml", None, "a b\n" * 100_000)],
        "case.yaml:1:1",
        "case.yaml is plain text, not keys with values",
        "write `key: value` lines",
        id="plain text without end",
    ),
    pytest.param(
        [("case.yaml", None, "case: " + "a" * 100_000)],
        "case.yaml:1:1",
        "line 1 of case.yaml has 100,006 characters; at most 20,000 are read",
        "break it into several lines",
        id="a huge line",
    ),
    pytest.param(
        [("case.yaml", None, "a: " + "[" * 100_000)],
        "case.yaml:1:1",
        "line 1 of case.yaml has 100,003 characters; at most 20,000 are read",
        "break it into several lines",
        id="deep nesting",
    ),
    pytest.param(
        [("case.yaml", None, "".join(" " * n + "a:\n" for n in range(100)))],
        "case.yaml:42:42",
        "case.yaml has values nested more than 40 deep",
        "a case needs only a few levels: write it flatter",
        id="deep nesting in blocks",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                None,
                "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + "".join(
                    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
                ),
            )
        ],
        "case.yaml:6:8",
        "case.yaml has more than 100,000 values once its aliases are written out",
        "write the values plainly",
        id="an alias bomb",
    ),
    pytest.param(
        [("case.yaml", None, "a: &a [1, *a]\n")],
        "case.yaml:1:11",
        "the alias '*a' stands inside what it repeats",
        "write the value out",
        id="an alias of what it stands in",
    ),
    pytest.param(
        [("case.yaml", "box: 5.2/image", "box: *boxes")],
        "case.yaml:13:20",
        "the alias '*boxes' repeats nothing: no value is marked `&boxes`",
        "write the value out",
        id="an alias of nothing",
    ),
    pytest.param(
        [("case.yaml", "case: quarter", "case: !!python/object/apply:os.system [ls]")],
        "case.yaml:1:7",
        "the YAML tag '!!python/object/apply:os.system' is not used here",
        "remove the tag",
        id="a foreign tag",
    ),
    pytest.param(
        [("case.yaml", "products:\n", "---\nproducts:\n")],
        "case.yaml:10:1",
        "there is more than one document in case.yaml",
        "remove this `---` line and what does not belong",
        id="two documents",
    ),
    pytest.param(
        [("case.yaml", None, "- case: c\n")],
        "case.yaml:1:1",
        "case.yaml is a list, not keys with values",
        "write `key: value` lines",
        id="a list for a file",
    ),
    pytest.param(
        [("case.yaml", None, "hello\n")],
        "case.yaml:1:1",
        "case.yaml is plain text, not keys with values",
        "write `key: value` lines",
        id="text for a file",
    ),
    pytest.param(
        [("case.yaml", "case: quarter", "[case]: quarter")],
        "case.yaml:1:1",
        "a key must be plain text",
        "write `name: value`; quote text that starts with a bracket",
        id="a list for a key",
    ),
    pytest.param(
        [("case.yaml", "    item: scan\n", "    <<: {item: scan}\n    item: scan\n")],
        "case.yaml:21:5",
        "merge keys (`<<`) are not used here",
        "write the keys out",
        id="a merge key",
    ),
]


test_mistakes = told_once_each(MISTAKES)
