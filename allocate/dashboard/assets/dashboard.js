// What the page does beside what its attributes say: tabs, the words beside sliders, charts, and what comes afterwards.
(() => {
  "use strict";
  const form = document.getElementById("levers"), plan = document.getElementById("plan"), panel = document.getElementById("panel");
  const page = form.elements.page.value;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  document.documentElement.classList.add("script");

  // Tabs: one page of four at a time.
  const names = ["now", "economics", "mix", "scenarios"];
  function turn(name) {
    document.body.dataset.page = names.includes(name) ? name : "now";
    for (const link of plan.querySelectorAll("a[data-page]"))
      if (link.dataset.page === document.body.dataset.page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    settle();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-page]");
    if (link) {
      event.preventDefault();
      history.replaceState(null, "", `#${link.dataset.page}`);
      turn(link.dataset.page);
    }
    const button = event.target.closest("button.copy");
    if (button) copied(button);
  });

  async function copied(button) {
    const text = button.parentElement.querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("code"));
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  // Sliders say at once how far they are moved; the amounts come with the plan.
  form.addEventListener("input", (event) => {
    const one = event.target;
    if (one.id === "find") {
      for (const lever of panel.querySelectorAll(".lever[data-name]"))
        lever.hidden = !lever.dataset.name.toLowerCase().includes(one.value.trim().toLowerCase()) && !!lever.closest("details");
      return;
    }
    if (!one.classList.contains("slide")) return;
    const away = one.value - 100, shown = document.getElementById(one.getAttribute("aria-describedby"));
    shown.textContent = away ? `${away > 0 ? "+" : ""}${away}%` : "as in the case";
    one.setAttribute("aria-valuetext", shown.textContent);
  });
  function positioned() {
    const told = document.getElementById("positions");
    if (!told) return;
    for (const [id, words] of Object.entries(JSON.parse(told.dataset.shown))) {
      const shown = document.getElementById(id);
      if (!shown || shown.textContent === words) continue;
      shown.textContent = words;
      document.getElementById(shown.htmlFor.value)?.setAttribute("aria-valuetext", words);
    }
    history.replaceState(null, "", told.dataset.address + location.hash);
  }

  // Charts: drawn by Vega without code made of text, in the colours of the page, when they can be seen.
  const colours = {
    "#1b2733": "#e6ebf0", "#4b5966": "#aab6c2", "#d9dfe5": "#3a4652", "#dfe6ee": "#4a5866", "#ffffff": "#11171d", "#f1f3f6": "#232c35",
    "#1f5fa8": "#6aa9ee", "#b34a00": "#f0904a", "#1a7f5a": "#4cc495", "#8a3fa0": "#c98add", "#a37200": "#dcb04a", "#c2185b": "#f07aa8",
    "#3b7f94": "#74bcd2", "#5b6770": "#a3b0ba",
  };
  const heat = { "#cfe0f3": "#2b4058", "#8fb8e3": "#3f6c9c", "#7a1f1f": "#8e2f2f", "#1f5fa8": "#2f6fba" };
  function coloured(text) {
    if (!dark.matches) return text;
    const filled = text.includes('"no work"');
    let done = text.replace(/"stroke":"white"/g, '"stroke":"#11171d"');
    done = done.replace(/"#[0-9a-f]{6}"/g, (one) => {
      const colour = one.slice(1, -1);
      return `"${(filled && heat[colour]) || (filled && colour === "#ffffff" ? colour : colours[colour]) || colour}"`;
    });
    return done;
  }
  async function draw(one) {
    const text = coloured(one.dataset.spec), room = one.parentElement.clientWidth, wanted = `${room} ${text}`;
    if (one.drawn === wanted || !room) return;
    one.drawn = wanted;
    const spec = JSON.parse(text), stage = document.createElement("div");
    const least = spec.width > 600 ? 560 : 300;
    spec.width = Math.max(least, room);
    one.append(stage);
    try {
      const made = await vegaEmbed(stage, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, logLevel: vega.Error });
      await made.view.resize().runAsync();
      if (one.drawn !== wanted) { made.finalize(); stage.remove(); return; }
      one.view?.finalize();
      one.view = made;
      for (const old of [...one.children]) if (old !== stage) old.remove();
      // The picture as a whole has its words; its parts would only be read out one by one.
      stage.querySelector("svg")?.setAttribute("aria-hidden", "true");
    } catch (error) {
      stage.remove();
      console.error(error);
    }
  }
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
  }, { rootMargin: "200px" });

  // What takes longer is asked for once the levers rest; until it is there, the old answer stands, marked as such.
  let waiting;
  function settle() {
    positioned();
    for (const one of plan.querySelectorAll(".chart")) {
      if (one.drawn) draw(one);
      seen.observe(one);
    }
    for (const one of plan.querySelectorAll(".after")) {
      const address = one.dataset.after ?? (one.closest("details").open ? one.dataset.whenOpen : one.asked);
      if (address === undefined || address === one.asked) continue;
      if (one.asked !== undefined) one.classList.add("stale");
    }
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  }
  function ask() {
    for (const one of plan.querySelectorAll(".after")) {
      const address = one.dataset.after ?? (one.closest("details").open ? one.dataset.whenOpen : undefined);
      const hidden = getComputedStyle(one.closest(".page")).display === "none";
      if (hidden || address === undefined || address === one.asked) continue;
      one.asked = address;
      one.setAttribute("aria-busy", "true");
      answered(one, address);
    }
  }
  async function answered(one, address) {
    try {
      const response = await fetch(`${address}${address.includes("?") && !address.endsWith("?") ? "&" : ""}page=${page}`, { headers: { "HX-Request": "true" } });
      if (one.asked !== address) return;
      if (response.status === 204) { one.asked = undefined; return; }
      const text = await response.text();
      if (one.asked !== address) return;
      one.innerHTML = text;
      one.classList.remove("stale");
      settle();
    } catch (error) {
      if (one.isConnected && one.asked === address) one.asked = undefined;
    } finally {
      if (one.asked === address) one.removeAttribute("aria-busy");
    }
  }

  plan.addEventListener("toggle", () => settle(), true);
  document.addEventListener("htmx:after:swap", (event) => {
    turn(document.body.dataset.page);
    if (event.detail.ctx?.target === panel) form.requestSubmit(form.querySelector(".plan-button"));
  });
  dark.addEventListener("change", settle);
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(settle, 200); });

  // The levers by what they change, once that is known and nobody is at them.
  async function ranked() {
    const response = await fetch("/ordered").catch(() => ({ status: 0 }));
    if (response.status === 204) { setTimeout(ranked, 1000); return; }
    if (response.status !== 200) return;
    const renew = () => htmx.ajax("POST", "/levers", { source: form, target: "#panel", swap: "innerMorph" });
    if (panel.contains(document.activeElement)) panel.addEventListener("focusout", () => setTimeout(renew, 200), { once: true });
    else renew();
  }
  window.addEventListener("hashchange", () => { if (names.includes(location.hash.slice(1))) turn(location.hash.slice(1)); });
  turn(location.hash.slice(1));
  ranked();
})();
