// Draws every formula of a page, once the page is there; the page itself is the same without it.
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(".arithmatex")) {
    const source = element.textContent.trim();
    const isBlock = source.startsWith("\\[");
    katex.render(source.slice(2, -2), element, { displayMode: isBlock, throwOnError: false });
  }
});
