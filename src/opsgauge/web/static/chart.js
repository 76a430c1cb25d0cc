// Draws the charts of a page with Vega-Lite: <div data-chart="id of the specification">.
// Colours come from vega-theme.json, light or dark as the page is; below 640 px a chart is drawn
// anew, lower, with half the dates and without the labels at its right end. Nothing here needs eval.

const NARROW = matchMedia("(max-width: 640px)");
const DARK = matchMedia("(prefers-color-scheme: dark)");
const themes = fetch(new URL("vega-theme.json", import.meta.url)).then((answer) => answer.json());
const bundle = import(new URL("vega.js", import.meta.url));

function mode() {
  return document.documentElement.dataset.theme ?? (DARK.matches ? "dark" : "light");
}

function fitted(specification) {
  if (!NARROW.matches) return specification;
  const half = (parameter) => parameter.value.filter((_, at) => at % 2 === 0);
  return {
    ...specification,
    params: specification.params.map((one) => (/^x(Ticks|Labels)$/.test(one.name) ? { ...one, value: half(one) } : one)),
    height: 240,
    padding: { left: 0, top: 20, right: 4, bottom: 4 },
    layer: specification.layer.filter((layer) => layer.name !== "layer_ends"),
  };
}

async function draw(box) {
  const specification = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const [theme] = await Promise.all([themes, bundle]);
  box.drawn?.finalize();
  box.drawn = await window.vegaEmbed(box, fitted(specification), {
    config: theme[mode()],
    ast: true,
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
    loader: { target: "_self" },
  });
  box.dataset.mode = mode(); // print turns a dark chart light by it
  box.dataset.drawn = "";
}

function fail(box, reason) {
  box.textContent = "The chart could not be drawn; the table holds the same numbers.";
  console.error(reason);
}

function all() {
  for (const box of document.querySelectorAll("[data-chart]")) draw(box).catch((why) => fail(box, why));
}

all();
for (const change of [NARROW, DARK]) change.addEventListener("change", all);
document.addEventListener("opsgauge:theme", all);
