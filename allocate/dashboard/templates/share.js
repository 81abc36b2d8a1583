(() => {
  "use strict";
  const plan = document.getElementById("plan"), said = document.getElementById("said"), base = plan.innerHTML, first = said.textContent;
  const plans = JSON.parse(document.getElementById("plans").textContent), scenario = document.getElementById("scenario");
  const levers = [...document.querySelectorAll("input[type=range]")];
  let wanted = "";
  async function unpacked(packed) {
    const raw = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }
  async function show(key) {
    wanted = key;
    const html = key ? await unpacked(plans[key].page) : base;
    if (wanted !== key) return;
    plan.innerHTML = html;
    said.textContent = key ? plans[key].said : first;
  }
  function tell(lever) {
    const words = JSON.parse(lever.dataset.words)[lever.value];
    lever.setAttribute("aria-valuetext", words);
    document.getElementById(lever.getAttribute("aria-describedby")).textContent = words;
  }
  function rest(except) {
    for (const lever of levers) if (lever !== except) { lever.value = lever.dataset.rest; tell(lever); }
    if (scenario && scenario !== except) scenario.value = "";
  }
  for (const lever of levers)
    lever.addEventListener("input", () => { rest(lever); tell(lever); show(JSON.parse(lever.dataset.keys)[lever.value]); });
  scenario?.addEventListener("change", () => { rest(scenario); show(scenario.value); });
  document.getElementById("levers").hidden = false;
})();
