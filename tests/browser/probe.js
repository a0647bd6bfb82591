// Runs inside a copy of the page, after axe-core, and tells the page around it what it found.
(async () => {
  const root = document.documentElement;
  const brief = (element) => element.outerHTML.slice(0, 200);

  // What sticks out of the page sideways and is not in a box that scrolls.
  const scrolls = (element) => element.closest(".scroll, pre, nav ul");
  const wider = root.scrollWidth > window.innerWidth
    ? [...document.body.querySelectorAll("*")]
        .filter((element) => !scrolls(element) && element.getBoundingClientRect().right > window.innerWidth)
        .map(brief).concat(`${root.scrollWidth} > ${window.innerWidth}`)
    : [];

  // Labels of a chart that touch one another or its edge, or are too small to read.
  const labels = [];
  for (const chart of document.querySelectorAll("svg.chart")) {
    const edge = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
    texts.forEach(([text, area], index) => {
      if (area.left < edge.left - 1 || area.right > edge.right + 1 || area.top < edge.top - 2 || area.bottom > edge.bottom + 1) {
        labels.push(`${text}: off the chart`);
      }
      if (area.height < 10) labels.push(`${text}: too small`);
      for (const [other, their] of texts.slice(index + 1)) {
        // The boxes of letters have empty room above and below.
        const apart = area.right <= their.left || their.right <= area.left
          || area.bottom - 2 <= their.top + 2 || their.bottom - 2 <= area.top + 2;
        if (!apart) labels.push(`${text} on ${other}`);
      }
    });
  }

  // Headings that skip a level.
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const headings = levels.filter((heading, index) => {
    const before = index === 0 ? 0 : Number(levels[index - 1].tagName[1]);
    return Number(heading.tagName[1]) > before + 1;
  }).map(brief);

  const { violations } = await axe.run(document);
  const told = {
    width: window.innerWidth,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    title: document.title,
    wider,
    fetched: performance.getEntriesByType("resource").map((entry) => entry.name),
    labels,
    headings,
    violations: violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]) })),
  };
  const plain = JSON.stringify(told).replace(/[<>&\u0080-\uffff]/g, (letter) =>
    "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0"));
  window.parent.document.getElementById("told").textContent = plain;
})();
