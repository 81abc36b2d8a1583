"""SageMaker Ground Truth: the answers of workers to one item (`annotations/worker-response/…json`)."""

from __future__ import annotations

import json
import math
from functools import partial

from allocate.actuals.fields import Fields, plain_text
from allocate.actuals.json_stream import objects
from allocate.actuals.readers.kinds import File, Kind
from allocate.errors import Place

GET_IT = "take the files below `annotations/worker-response/` of the labelling job's output"


def read(file: File) -> None:
    """A row for each answer; the item is the file, or its folder where Ground Truth names files by time."""
    item = f"{file.path.parent.name}/{file.path.stem}"
    for entry in objects(file.path, file.shown, "a set of answers"):
        place = Place(file.shown, entry.line, 1)
        whole = Fields(entry.value, f"the answers at line {entry.line}", place, file.problems, GET_IT)
        for position, one in enumerate(whole.entries("answers")):
            answer = Fields(one, f"answer {position + 1} of {whole.what}", place, file.problems, GET_IT)
            worker = answer.text("workerId")
            names = file.mapped.names(partial(answer.text, needed=False))
            content = one.get("answerContent")
            file.rows.add(
                [wanted.of(one) for wanted in file.mapped.drivers.values()],
                **dict(zip(("product", "vendor", "workflow"), names, strict=True)), item=item, annotator=worker,
                role="label", started=answer.moment("acceptanceTime", needed=False),
                submitted=answer.moment("submissionTime"), seconds=answer.seconds("timeSpentInSeconds"), seconds_kind="active",
                answer=_short(content), outcome="open", source=file.shown, row=entry.line, identity=f"{item} {worker} {position}",
            )  # fmt: skip


def _short(content: object) -> str:
    """An answer with a single value as text; a longer one is not kept."""
    if isinstance(content, dict) and len(content) == 1:
        value = next(iter(content.values()))
        if isinstance(value, dict):
            value = value.get("label")
        if isinstance(value, (str, int, float)) and not (isinstance(value, float) and math.isnan(value)):
            return plain_text(value)
    return "" if content is None or len(json.dumps(content)) > 200 else json.dumps(content, sort_keys=True)


KIND = Kind("sagemaker", "SageMaker Ground Truth worker answers (JSON)", read, GET_IT, vendor_by="workerId")
