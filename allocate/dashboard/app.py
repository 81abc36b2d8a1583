"""The pages as a web application: each route takes a form or a query, asks the planner, and shows what came of it."""

from __future__ import annotations

import asyncio
import secrets
import time
import traceback
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import escape
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from allocate.case.load import Case, revised
from allocate.case.saved_scenario import save_scenario
from allocate.dashboard import afterwards, shown
from allocate.dashboard.background import OF_NO_MOVE, Background, OutdatedError, Turn
from allocate.dashboard.guard import MOST_BODY
from allocate.dashboard.levers import Slider
from allocate.dashboard.moves import MOST_FIELDS, Moves, Pairs, command_line
from allocate.dashboard.planner import Planned, Planner, SupersededError
from allocate.dashboard.questions import ASKED, QUESTIONS
from allocate.errors import CaseError, Place

TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
KEPT = 128
"""Answers that came afterwards and are kept."""
RANKED = 1.5
"""Seconds of a plan up to which levers are ranked by planning with each of them."""
QUIET = 1.0
"""Seconds without a move after which levers are ranked."""
PATIENT = 45.0
"""Seconds a page waits for the ranking before it asks again."""
NOTHING = Response(status_code=204)


class Dashboard:
    """What the routes share."""

    def __init__(self, planner: Planner, background: Background | None = None) -> None:
        self.planner, self.background = planner, background or Background()
        self.form_token = secrets.token_urlsafe(24)
        self.swings: dict[str, float] = {}
        self.ranked = asyncio.Event()
        self._planned: OrderedDict[str, Planned] = OrderedDict()
        self._after: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._summaries: dict[str, Any] = {}
        self._ranking: asyncio.Task[None] | None = None
        self._moved = time.monotonic()

    # What a page asks for

    async def home(self, request: Request) -> Response:
        """The whole page, with the moves of the query; the case is read again where its files were changed."""
        try:
            if await asyncio.to_thread(lambda: self.planner.is_outdated):
                await asyncio.to_thread(self._reread)
        except CaseError as error:
            return await self._whole((), problem=_words(error))
        return await self._whole(request.query_params.multi_items())

    async def plan(self, request: Request) -> Response:
        """The plan of a form: the part of the page that changes, or the whole page for who has no script."""
        pairs = await self._form(request)
        if not _by_script(request):
            return await self._whole(pairs)
        try:
            _, status, html = await self._fragment(pairs)
        except SupersededError:
            return NOTHING
        return HTMLResponse(html, status)

    async def levers(self, request: Request) -> Response:
        """The levers, with one value more where the form adds one."""
        pairs = await self._form(request)
        fields = dict(pairs)
        path, value = fields.get("add-path", "").strip(), fields.get("add-value", "").strip()
        added = [("path", path), ("value", value)] if path else []
        problem = ""
        try:
            ground, moves = self.planner.moves([*pairs, *added])
            await asyncio.to_thread(revised, ground.case, moves.settings(ground.levers))
        except CaseError as error:
            problem = _words(error)
            added = []
        if not _by_script(request):
            return await self._whole([*pairs, *added], problem=problem)
        try:
            ground, moves = self.planner.moves([*pairs, *added])
        except CaseError:
            ground, moves = self.planner.ground(), Moves()
        return HTMLResponse(shown.panel(self.planner, ground, moves, self._swings(moves), problem))

    async def ordered(self, request: Request) -> Response:
        """Answers once the levers are ranked."""
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(self.ranked.wait(), PATIENT)
        return PlainTextResponse("ranked") if self.swings else NOTHING

    async def save(self, request: Request) -> Response:
        """Save what is shown as a scenario of the case."""
        pairs = await self._form(request)
        name = dict(pairs).get("name", "").strip()
        try:
            said = await asyncio.to_thread(self._saved, name, pairs)
            status = 200
        except CaseError as error:
            said, status = _words(error), 422
        if _by_script(request):
            return HTMLResponse(str(escape(said)), status)
        return await self._whole(pairs, saved=said)

    async def after(self, request: Request) -> Response:
        """An answer that takes longer, by its name."""
        name, query = request.path_params["name"], request.query_params.multi_items()
        by_script, page = _by_script(request), dict(query).get("page", "")
        known = [(key, value) for key, value in query if key != "page"]
        if name not in QUESTIONS:
            return PlainTextResponse("There is no such question.", 404)
        title, question = QUESTIONS[name]
        try:
            _, moves = self.planner.moves(known)
            about = tuple(sorted((key, value) for key, value in known if key in ASKED))
            slot = (name, moves.key, *(part for pair in about for part in pair))
            html = self._after.get(slot)
            if html is None:
                turn = (page, moves.key) if page and by_script else OF_NO_MOVE
                sections = await question(self, turn, known, moves)
                html = shown.afterwards(sections)
                self._after[slot] = html
                while len(self._after) > KEPT:
                    self._after.popitem(last=False)
            status = 200
        except OutdatedError:
            return NOTHING
        except CaseError as error:
            html, moves, status = shown.afterwards(afterwards.problem(error)), Moves(), 422
        return HTMLResponse(html if by_script else shown.lone(html, moves.query, title), status)

    async def static(self, request: Request) -> Response:
        """A file of the page, for as long as its address."""
        name = request.path_params["file"]
        if shown.digests().get(name) != request.path_params["digest"]:
            return PlainTextResponse("There is no such file.", 404)
        kept = {"cache-control": "private, max-age=31536000, immutable"}
        return Response(shown.assets()[name], media_type=TYPES[name.rpartition(".")[2]], headers=kept)

    # How it is answered

    async def _form(self, request: Request) -> list[tuple[str, str]]:
        """The fields of a form. Raises _RefusedError for one that is too large, or does not come from the page."""
        body = bytearray()
        with suppress(ClientDisconnect):
            async for part in request.stream():
                body += part
                if len(body) > MOST_BODY:
                    raise _RefusedError(413, "The form is too large.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise _RefusedError(415, "A form is sent as application/x-www-form-urlencoded.")
        try:
            pairs = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, max_num_fields=2 * MOST_FIELDS, errors="replace"
            )
        except ValueError:
            raise _RefusedError(400, "This form does not belong to the page.") from None
        given = next((value for key, value in pairs if key == "token"), "")
        if not secrets.compare_digest(given.encode("utf-8", "surrogatepass"), self.form_token.encode()):
            raise _RefusedError(403, "The page is from before the dashboard was started: load it again.")
        return pairs

    async def _fragment(self, pairs: Pairs) -> tuple[Moves, int, str]:
        """Moves, status and HTML of a form's plan, by what is known of it already."""
        page = dict(pairs).get("page", "")
        try:
            _, moves = self.planner.moves(pairs)
            self._moved = time.monotonic()
            await self.background.moved((page, moves.key))
            known = self.planner.seen.get(moves.key)
            if known is None:
                planned = await asyncio.to_thread(self.planner.plan, pairs, page)
                known = self.planner.keep(moves.key, await asyncio.to_thread(shown.plan_of, self.planner, planned))
                self._rank(planned)
            return moves, 200, known
        except CaseError as error:
            return Moves(), 422, shown.problems_of(self.planner, error)

    async def _whole(self, pairs: Pairs, problem: str = "", saved: str = "") -> Response:
        page_id = secrets.token_hex(8)
        moves, status, html = await self._fragment([(key, value) for key, value in pairs if key != "page"])
        ground = self.planner.ground(moves.scenario)
        whole = shown.page(
            self.planner,
            ground,
            moves,
            self._swings(moves),
            html,
            form_token=self.form_token,
            page_id=page_id,
            problem=problem,
            saved=saved,
        )
        return HTMLResponse(whole, status)

    def _saved(self, name: str, pairs: Pairs) -> str:
        planner = self.planner
        if not planner.asked.can_save:
            raise CaseError.of("this dashboard is read-only", None, "start it without `--read-only`")
        ground, moves = planner.moves(pairs)
        settings = planner.to_save(moves, moves.settings(ground.levers))
        revised(ground.case, moves.settings(ground.levers))
        path = planner.file
        if path is None:
            message = "the case is not a YAML file, so no scenario can be written into it"
            raise CaseError.of(message, Place(str(planner.asked.source)), "save the command line instead")
        save_scenario(path, planner.case.inputs[path.name], name, settings)
        self._reread()
        return f"Saved. The same plan: {command_line(str(planner.asked.source), name, {})}"

    def _reread(self) -> None:
        self.planner.reread()
        self._after.clear()
        self._summaries.clear()

    # Ranking of levers

    def _swings(self, moves: Moves) -> dict[str, float]:
        return {} if moves.scenario else self.swings

    def _rank(self, planned: Planned) -> None:
        """Begin to rank the levers, once, where a plan takes little."""
        seconds = sum(planned.answer.run["seconds"].values())
        if self._ranking is None and seconds <= RANKED and planned.answer.objective is not None:
            self._ranking = asyncio.create_task(self._ranked())

    async def _ranked(self) -> None:
        ground, base, found = self.planner.ground(), self.planner.base, dict[str, float]()
        if base is None or base.reached is None:
            return
        for one in ground.levers:
            while (rest := self._moved + QUIET - time.monotonic()) > 0.0:
                await asyncio.sleep(rest)
            ends = (
                [one.moved.settings(Decimal(part)) for part in ("0.9", "1.1")]
                if isinstance(one, Slider)
                else [one.ends.low, one.ends.high]
            )
            with suppress(OutdatedError, CaseError):
                swing = await self.background.ask(OF_NO_MOVE, afterwards.swing, ground.case, base.reached, ends)
                if swing is not None:
                    found[one.name] = swing
        self.swings = found
        self.ranked.set()

    async def summary_of(self, turn: Turn, name: str, case: Case) -> Any:
        """What a scenario comes to, asked once."""
        if name not in self._summaries:
            self._summaries[name] = await self.background.ask(turn, afterwards.summary, case)
        return self._summaries[name]

    @asynccontextmanager
    async def alive(self, app: Starlette) -> AsyncIterator[None]:
        """From the first request to the end."""
        try:
            yield
        finally:
            if self._ranking is not None:
                self._ranking.cancel()
            await self.background.close()


class _RefusedError(Exception):
    """A form that is not taken."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, _RefusedError)
    return PlainTextResponse(f"{error.words}\n", error.status)


async def _failed(request: Request, error: Exception) -> Response:
    """A fault of the program: the page says so, and whoever started it sees where."""
    traceback.print_exception(error)
    return PlainTextResponse(
        "This is a fault of the program, not of the case; where it was started, more is said.\n", 500
    )


def _by_script(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def _words(error: CaseError) -> str:
    return " ".join(f"{one.message}." + (f" Fix: {one.fix}" if one.fix else "") for one in error.problems)


def application(planner: Planner, background: Background | None = None) -> Starlette:
    """The application of a case; nobody is kept out here, that is for `Guard`. background: absent, a process of its own."""
    one = Dashboard(planner, background)
    return Starlette(
        routes=[
            Route("/", one.home),
            Route("/plan", one.plan, methods=["POST"]),
            Route("/levers", one.levers, methods=["POST"]),
            Route("/ordered", one.ordered),
            Route("/scenario", one.save, methods=["POST"]),
            Route("/after/{name}", one.after),
            Route("/static/{digest}/{file}", one.static),
        ],
        lifespan=one.alive,
        exception_handlers={_RefusedError: _refused, Exception: _failed},
    )
