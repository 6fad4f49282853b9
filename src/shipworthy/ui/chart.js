// A chart over plotly.js, which is loaded once a page, when the first chart is seen, and kept by the browser.

const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, showTips: false };
const SILENT_MS = 30000;

function addScript(src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, nonce: document.querySelector("script[nonce]")?.nonce ?? "" });
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("plotly.js did not start")));
    script.onerror = () => reject(new Error("plotly.js could not be loaded"));
    document.head.append(script);
  });
}

/** Ask the kernel for plotly.js, compressed: once a browser, as the answer is stored. */
function askKernel(model) {
  return new Promise((resolve, reject) => {
    model.on("msg:custom", ({ type, error }, buffers) => {
      if (type !== "plotly") return;
      if (error) reject(new Error(error));
      else resolve(new Response(new Blob([buffers[0]]).stream().pipeThrough(new DecompressionStream("gzip"))).blob());
    });
    setTimeout(() => reject(new Error("plotly.js did not arrive")), SILENT_MS);
    model.send({ type: "plotly" });
  });
}

async function fromStore(model) {
  const key = `/shipworthy/plotly-${model.get("version")}.js`;
  const store = await window.caches?.open("shipworthy").catch(() => undefined); // none without https, save on localhost
  let script = await (await store?.match(key))?.blob();
  if (!script) {
    script = await askKernel(model);
    for (const old of (await store?.keys()) ?? []) await store.delete(old);
    await store?.put(key, new Response(script)).catch(() => undefined); // full or forbidden: asked again next time
  }
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return addScript(url).finally(() => URL.revokeObjectURL(url));
}

/** One promise a page. (plotly.js names itself window.Plotly whatever loader stands around.) */
function plotly(model) {
  const source = model.get("source");
  const load = async () => window.Plotly ?? (source ? addScript(source).catch(() => fromStore(model)) : fromStore(model));
  window.shipworthyPlotly ??= load().catch((error) => {
    window.shipworthyPlotly = undefined; // the next chart tries again
    throw error;
  });
  return window.shipworthyPlotly;
}

function themed(model, frame) {
  const { data = [], layout = {} } = structuredClone(model.get("figure")); // plotly.js writes into what it is given
  const { fontFamily: family, color } = getComputedStyle(frame);
  const [clear, finger] = ["rgba(0,0,0,0)", matchMedia("(pointer: coarse)").matches]; // a finger scrolls the page
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) delete layout.transition;
  return [data, { font: { family, color, size: 12 }, margin: { l: 56, r: 16, t: 16, b: 44 }, paper_bgcolor: clear, plot_bgcolor: clear,
    uirevision: "kept", dragmode: finger ? false : "zoom", ...layout, autosize: true, height: model.get("height") }];
}

function render({ model, el }) {
  const make = (tag, className) => Object.assign(document.createElement(tag), { className });
  const [frame, plot, words] = [make("div", "sw-chart"), make("div", "sw-plot"), make("p", "sw-drawing")];
  let [seen, due, gone, drawn] = [false, 0, false, null];
  const draw = async () => {
    due = 0;
    try {
      const Plotly = await plotly(model);
      if (gone || !seen || drawn === model.get("figure")) return;
      drawn = model.get("figure");
      await Plotly.react(plot, ...themed(model, frame), CONFIG);
      words.hidden = true;
    } catch (error) {
      console.error(error);
      words.hidden = false;
      words.textContent = "This chart could not be drawn. Its numbers are in the table.";
    }
  };
  const soon = () => (due ||= seen && requestAnimationFrame(draw)); // of a burst, only the newest is drawn
  const label = () => {
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", model.get("alt"));
    frame.style.height = `${model.get("height")}px`;
  };
  const eyes = new IntersectionObserver((entries) => soon((seen = entries.at(-1).isIntersecting)), { rootMargin: "200px" });
  const ruler = new ResizeObserver(() => plot.data && plot.offsetWidth && window.Plotly.Plots.resize(plot));
  words.textContent = "Drawing…";
  frame.append(plot, words);
  el.append(frame);
  label();
  eyes.observe(frame);
  ruler.observe(frame);
  model.on("change:figure", () => (plot.data ? draw() : soon()));
  model.on("change:alt", label);
  model.on("change:height", () => soon(label((drawn = null))));
  return () => {
    gone = true;
    eyes.disconnect();
    ruler.disconnect();
    cancelAnimationFrame(due);
    if (plot.data) window.Plotly.purge(plot);
  };
}

export default { render };
