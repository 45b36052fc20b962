// Draws each chart where it stands, in the page's own ink: again when day turns to night, or a
// telephone is turned.
const night = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 50rem)");

function draw() {
  const page = getComputedStyle(document.documentElement);
  const colour = (name) => page.getPropertyValue(name).trim();
  const words = { labelColor: colour("--quiet"), titleColor: colour("--quiet") };
  const config = {
    font: getComputedStyle(document.body).fontFamily,
    axis: { ...words, gridColor: colour("--line"), domainColor: colour("--line"), tickColor: colour("--line") },
    header: { labelColor: colour("--ink"), labelFontWeight: 600 },
    legend: words,
    title: { color: colour("--ink") },
    axisY: { labelLimit: narrow.matches ? 150 : 300 },
    view: { stroke: colour("--line"), continuousWidth: narrow.matches ? 120 : 480 },
    bar: { color: colour("--link"), opacity: 0.75 },
  };
  for (const [id, chart] of Object.entries(charts)) {
    vegaEmbed(document.getElementById(id), chart, { actions: false, renderer: "svg", config })
      .catch((error) => { document.getElementById(id).textContent = `This chart can't be drawn: ${error.message}`; });
  }
}

for (const change of [night, narrow]) change.addEventListener("change", draw);
draw();
