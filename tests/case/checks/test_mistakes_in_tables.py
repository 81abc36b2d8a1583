"""Mistakes in tables beside a case. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

import pytest
from mistakes import told_once_each

MISTAKES = [
    pytest.param(
        [("rates.csv", "accuracy", "acuracy")],
        "rates.csv:1:22",
        "unknown column 'acuracy', did you mean 'accuracy'?",
        "write `accuracy`",
        id="an unknown column",
    ),
    pytest.param(
        [("case.yaml", "rates.csv", "../rates.csv")],
        "case.yaml:36:8",
        "the table '../rates.csv' lies outside the case's folder",
        "copy the table beside case.yaml, so that the case is whole in one folder; or allow its folder with `--allow-path DIR`",
        id="a table outside the folder",
    ),
    pytest.param(
        [("case.yaml", "rates: rates.csv", "rates: /etc/passwd")],
        "case.yaml:36:8",
        "the table '/etc/passwd' lies outside the case's folder",
        "copy the table beside case.yaml, so that the case is whole in one folder; or allow its folder with `--allow-path DIR`",
        id="a table at an absolute path",
    ),
    pytest.param(
        [("case.yaml", "rates: rates.csv", "rates: rate.csv")],
        "case.yaml:36:8",
        "the table 'rate.csv' is not there",
        "the case's folder has moderation.csv, rates.csv",
        id="a table that is not there",
    ),
    pytest.param(
        [("case.yaml", "rates: rates.csv", "rates: rates.pdf"), ("rates.pdf", None, "x")],
        "case.yaml:36:8",
        "'rates.pdf' is not a table this tool reads",
        "save it as .csv or .xlsx; a sheet is named only for .xlsx, as in `book.xlsx#Sheet`",
        id="a table of another kind",
    ),
    pytest.param(
        [("case.yaml", "rates: rates.csv", "rates: rates.csv#Sheet1")],
        "case.yaml:36:8",
        "'rates.csv#Sheet1' is not a table this tool reads",
        "save it as .csv or .xlsx; a sheet is named only for .xlsx, as in `book.xlsx#Sheet`",
        id="a sheet of a CSV",
    ),
    pytest.param(
        [("case.yaml", "rates: rates.csv", "rates: rates.xlsx"), ("rates.xlsx", None, b"PK\x03\x04nonsense")],
        "case.yaml:36:8",
        "rates.xlsx is not a readable .xlsx workbook",
        "save it again as .xlsx, or as .csv",
        id="a damaged workbook",
    ),
    pytest.param(
        [("rates.csv", "97%,60 images/h", "97%,60 images/h,7")],
        "rates.csv:2:1",
        "this line of rates.csv has 6 cells, its header 5",
        "put quotation marks around cells that hold commas",
        id="a table with a cell too many",
    ),
    pytest.param(
        [("rates.csv", "moderation,acme", '"moderation,acme')],
        "rates.csv:3:1",
        "rates.csv is not CSV: a quotation mark is opened here and not closed",
        'add the closing `"`',
        id="a table with an unclosed quotation",
    ),
    pytest.param(
        [("rates.csv", "moderation,acme", '"moderation"x,acme')],
        "rates.csv:3:1",
        "rates.csv is not CSV: text follows a closed quotation",
        'double each quotation mark inside a quoted cell, as in `"27"" screen"`',
        id="a table with text after a quotation",
    ),
    pytest.param(
        [("rates.csv", "accuracy", "price")],
        "rates.csv:1:22",
        "rates.csv has two columns 'price'",
        "keep one of them",
        id="a table with two columns of one name",
    ),
    pytest.param(
        [("rates.csv", "accuracy", "")],
        "rates.csv:1:21",
        "column 4 of rates.csv has no name",
        "name every column in the first line",
        id="a table with a column without a name",
    ),
    pytest.param(
        [("rates.csv", None, "product,vendor,price\n")],
        "rates.csv:1:1",
        "the table rates.csv has a header and no rows",
        "add its rows",
        id="a table with a header only",
    ),
    pytest.param(
        [("rates.csv", None, "\n")],
        "rates.csv",
        "the table rates.csv is empty",
        "write the names of its columns in the first line, a row in each line below",
        id="an empty table",
    ),
    pytest.param(
        [("rates.csv", None, "product,vendor\ncaf\xe9,acme\n".encode("latin-1"))],
        "rates.csv:2:4",
        "rates.csv is not UTF-8 text: it was saved in another encoding, such as Latin-1",
        "save it as UTF-8",
        id="a table in Latin-1",
    ),
    pytest.param(
        [("rates.csv", "price", "price [USD/imge]"), ("rates.csv", "0.52 USD/image", "0.52")],
        "rates.csv:1:16",
        "the column 'price' does not know the unit 'imge', did you mean 'image'?",
        "write `price [USD/image]`",
        id="a table with a unit in its header nobody knows",
    ),
    pytest.param(
        [("moderation.csv", None, "labels\n5\n")],
        "moderation.csv:2:1",
        "products.moderation.value.curve.0: a curve's point has either a score or an error",
        "add the missing column, or drop one",
        id="a curve without scores",
    ),
    pytest.param(
        [("moderation.csv", "78.4", "78.4 images")],
        "moderation.csv:3:7",
        "products.moderation.value.curve.1.score expects a plain number, got '78.4 images'",
        "write `78.4`",
        id="a curve with a unit",
    ),
    pytest.param(
        [("moderation.csv", "78.4", "78.4%")],
        "moderation.csv:3:7",
        "products.moderation.value.curve.1.score expects points of score, got a share ('78.4%')",
        "write `78.4`: a perfect model has 100 points, or what `ceiling` says",
        id="a score as a share, which would be less than one point",
    ),
    pytest.param(
        [("case.yaml", "moderation.csv", "curve.csv")],
        "case.yaml:19:20",
        "the table 'curve.csv' is not there",
        "the case's folder has moderation.csv, rates.csv",
        id="a curve's file that is not there",
    ),
    pytest.param(
        [("rates.csv", None, "product,price\nmoderation,0.5 USD/image\ntriage,40 USD/h\n")],
        "rates.csv:1:1",
        "the table has no column 'vendor'",
        "add it to the first line and to every row",
        id="a column left out",
    ),
    pytest.param(
        [
            (
                "rates.csv",
                None,
                "product,vendor,price\nmoderation,in-house,0.5\nmoderation,acme,0.4\ntriage,in-house,0.7\n",
            )
        ],
        "rates.csv:2:21",
        "rates.moderation.in-house.price expects money per item or money per hour, got a number without a unit ('0.5'); so it is with 2 more cells of the column 'price'",
        "write the unit into the header, as in `price [USD/image]`",
        id="a price without a unit in every row",
    ),
    pytest.param(
        [
            (
                "rates.csv",
                None,
                "product,vendor,price [s/image]\nmoderation,in-house,0.5\nmoderation,acme,0.4\ntriage,in-house,0.7\n",
            )
        ],
        "rates.csv:2:21",
        "rates.moderation.in-house.price expects money per item or money per hour, got working time per unit ('0.5 s/image'); so it is with 2 more cells of the column 'price'",
        "write it as in `0.50 USD/image`",
        id="a header's unit of another kind",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "  triage:",
                "  ocr: {task: document.ocr-field, drivers: {field: 3}, demand: 5 items}\n  triage:",
            ),
            (
                "rates.csv",
                None,
                "product,vendor,price\nmoderation,acne,0.5 USD/image\nocr,acne,0.5 USD/page\nmoderation,in-house,0.4 USD/image\ntriage,acne,40 USD/h\nocr,in-house,5 USD/h\ntriage,in-house,40 USD/h\n",
            ),
        ],
        "rates.csv:2:12",
        "the rate is for a vendor that is not there: 'acne'; so it is with 2 more cells of the column 'vendor'",
        "did you mean 'acme'?",
        id="a vendor misspelt in every row",
    ),
    pytest.param(
        [("rates.csv", "price", "price [USD/image")],
        "rates.csv:1:16",
        "the header 'price [USD/image' of rates.csv is not a name with a unit",
        "write it as in `price [USD/image]`",
        id="a header that is no name with a unit",
    ),
]


test_mistakes = told_once_each(MISTAKES)
