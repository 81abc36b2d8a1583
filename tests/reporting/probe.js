// Put into a copy of the page by the tests: what a person would see of it, measured.
(() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const found = { overflow: document.documentElement.scrollWidth - window.innerWidth, charts: [], clipped: [], contrast: [] };
  const parse = (colour) => {
    const parts = (colour.match(/[\d.]+/g) || []).map(Number);
    return parts.length < 3 || (parts.length > 3 && parts[3] === 0) ? null : parts.slice(0, 3);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour) return colour;
    }
    return [255, 255, 255];
  };
  const under = (text, box) => {
    const at = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    for (const one of at.slice(at.indexOf(text) + 1)) {
      if (one instanceof SVGPathElement || one instanceof SVGRectElement) {
        const colour = parse(getComputedStyle(one).fill);
        if (colour && getComputedStyle(one).fillOpacity !== "0") return colour;
      }
    }
    return behind(text.closest("div"));
  };
  document.querySelectorAll("svg").forEach((svg) => {
    const box = svg.getBoundingClientRect();
    found.charts.push({ width: box.width, height: box.height, marks: svg.querySelectorAll("path, line, text").length });
    svg.querySelectorAll("text").forEach((text) => {
      const inner = text.getBoundingClientRect();
      if (!text.textContent.trim() || !inner.width) return;
      if (inner.left < box.left - 1 || inner.right > box.right + 1) found.clipped.push(text.textContent);
      const window_ = svg.parentElement.getBoundingClientRect();
      if (inner.right > window_.right) return; // scrolled out of sight: nothing lies under it yet
      found.contrast.push([ratio(parse(getComputedStyle(text).fill), under(text, inner)), text.textContent]);
    });
  });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("svg, script, style")) continue;
    found.contrast.push([ratio(parse(getComputedStyle(parent).color), behind(parent)), node.textContent.trim()]);
  }
  const out = document.createElement("pre");
  out.id = "probe";
  out.textContent = JSON.stringify(found);
  document.body.append(out);
})();
