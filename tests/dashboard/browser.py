"""Chromium driven over a pipe by its DevTools protocol: no driver and no package of its own."""

from __future__ import annotations

import base64
import json
import os
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WAIT = 40.0
"""Seconds something may take at most on a busy machine."""
KEYS = {"ArrowRight": 39, "ArrowLeft": 37, "PageUp": 33, "Home": 36, "End": 35, "Tab": 9, "Enter": 13}


class Tab:
    """One tab: what it does, what it asked the network for, and what it said on the console."""

    def __init__(self, send: Any, events: queue.Queue[dict[str, Any]]) -> None:
        self._send, self._events = send, events
        self.asked: list[str] = []
        self.console: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol, with its result."""
        found: dict[str, Any] = self._send(method, params)
        self._listen()
        return found

    def _listen(self) -> None:
        while not self._events.empty():
            event = self._events.get()
            name, about = event["method"], event["params"]
            if name == "Network.requestWillBeSent":
                self.asked.append(about["request"]["url"])
            elif name == "Runtime.exceptionThrown":
                self.console.append(json.dumps(about["exceptionDetails"])[:2000])
            elif name == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning", "assert"):
                self.console.append(f"{about['type']}: {json.dumps(about['args'])[:2000]}")
            elif name == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
                self.console.append(f"{about['entry']['text']} {about['entry'].get('url', '')}")

    def size(self, width: int, height: int, dark: bool = False) -> None:
        """The window's size in pixels, and whether the person likes it dark."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        colours = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.send("Emulation.setEmulatedMedia", features=colours)

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.send("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        done = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise AssertionError(f"{script}: {json.dumps(done['exceptionDetails'])[:2000]}")
        return done["result"].get("value")

    def until(self, script: str, seconds: float = WAIT) -> Any:
        """Wait for an expression to be true; its value."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                found = self.run(script)
            except AssertionError:
                found = None
            if found:
                return found
            time.sleep(0.02)
        seen = self.run("document.body.innerText")[:1500]
        raise AssertionError(f"not within {seconds:g} s: {script}; console: {self.console}; {seen[:600]}")

    def key(self, name: str) -> None:
        """Press a key."""
        about = {"key": name, "code": name, "windowsVirtualKeyCode": KEYS.get(name, 0)}
        self.send("Input.dispatchKeyEvent", type="rawKeyDown", **about)
        self.send("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.send("Input.insertText", text=text)

    def click(self, x: float, y: float) -> None:
        """Press and release the mouse."""
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path: Path, whole: bool = True) -> None:
        """Write what is seen, or all of the page, as PNG."""
        done = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(done["data"]))


@contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    """A browser with a profile of its own, and a tab in it; it is gone when the context ends."""
    assert CHROMIUM is not None
    quiet = (
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--disable-sync",
    )
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [CHROMIUM, "--headless", "--no-sandbox", *quiet, profile, "--remote-debugging-pipe", "about:blank"]
    to_browser, from_browser = os.pipe(), os.pipe()

    def places() -> None:
        reads, writes = os.dup(to_browser[0]), os.dup(from_browser[1])
        os.dup2(reads, 3)
        os.dup2(writes, 4)

    process = subprocess.Popen(  # the browser reads from file 3 and writes to file 4
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=places, close_fds=False
    )
    os.close(to_browser[0])
    os.close(from_browser[1])
    answers: dict[int, dict[str, Any]] = {}
    events: queue.Queue[dict[str, Any]] = queue.Queue()
    came = threading.Condition()

    def read() -> None:
        rest = b""
        while part := os.read(from_browser[0], 1 << 20):
            *whole, rest = (rest + part).split(b"\0")
            for raw in whole:
                message = json.loads(raw)
                if "id" in message:
                    with came:
                        answers[message["id"]] = message
                        came.notify_all()
                else:
                    events.put(message)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    numbers = iter(range(1, 10**9))
    session: dict[str, str] = {}

    def send(method: str, params: dict[str, Any]) -> dict[str, Any]:
        number = next(numbers)
        message = {"id": number, "method": method, "params": params, **session}
        os.write(to_browser[1], json.dumps(message).encode() + b"\0")
        with came:
            assert came.wait_for(lambda: number in answers, WAIT), f"{method} was not answered"
            answer = answers.pop(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        found: dict[str, Any] = answer["result"]
        return found

    try:
        target = send("Target.createTarget", {"url": "about:blank"})["targetId"]
        session["sessionId"] = send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        yield Tab(send, events)
    finally:
        process.kill()
        process.wait()
        reader.join(5.0)
        os.close(to_browser[1])
        os.close(from_browser[0])
