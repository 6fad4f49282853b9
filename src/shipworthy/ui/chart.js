// A chart over plotly.js, which is loaded once a page, when the first chart is seen, and kept by the browser.

const STORE = "shipworthy";
const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, showTips: false };
const SILENT_MS = 30000;

function addScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.nonce = document.querySelector("script[nonce]")?.nonce ?? "";
    script.src = url;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("plotly.js did not start")));
    script.onerror = () => reject(new Error("plotly.js could not be loaded"));
    document.head.append(script);
  });
}

/** Ask the kernel for plotly.js, compressed: once a browser, as the answer is stored. */
function askKernel(model) {
  return new Promise((resolve, reject) => {
    const answered = ({ type, error }, buffers) => {
      if (type !== "plotly") return;
      model.off("msg:custom", answered);
      if (error) reject(new Error(error));
      else resolve(new Response(new Blob([buffers[0]]).stream().pipeThrough(new DecompressionStream("gzip"))).blob());
    };
    model.on("msg:custom", answered);
    setTimeout(() => reject(new Error("plotly.js did not arrive")), SILENT_MS);
    model.send({ type: "plotly" });
  });
}

async function fromStore(model) {
  const key = `/shipworthy/plotly-${model.get("version")}.js`;
  const store = await window.caches?.open(STORE).catch(() => undefined); // there is none without https, save on localhost
  let script = await (await store?.match(key))?.blob();
  if (!script) {
    script = await askKernel(model);
    for (const old of (await store?.keys()) ?? []) await store.delete(old);
    await store?.put(key, new Response(script)).catch(() => undefined); // full or forbidden: asked again next time
  }
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return addScript(url).finally(() => URL.revokeObjectURL(url));
}

function plotly(model) {
  const source = model.get("source");
  const load = () => (source ? addScript(source).catch(() => fromStore(model)) : fromStore(model));
  window.shipworthyPlotly ??= (window.Plotly ? Promise.resolve(window.Plotly) : load()).catch((error) => {
    window.shipworthyPlotly = undefined; // the next chart tries again
    throw error;
  });
  return window.shipworthyPlotly;
}

function themed(model, el) {
  const { data = [], layout = {} } = structuredClone(model.get("figure")); // plotly.js writes into what it is given
  const style = getComputedStyle(el);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) delete layout.transition;
  const own = { font: { family: style.fontFamily, size: 12, color: style.color }, margin: { l: 56, r: 16, t: 16, b: 44 },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", uirevision: "kept",
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom" }; // a finger scrolls the page
  return [data, { ...own, ...layout, autosize: true, height: model.get("height") }];
}

function render({ model, el }) {
  const make = (tag, className) => Object.assign(document.createElement(tag), { className });
  const [frame, plot, words] = [make("div", "sw-chart"), make("div", "sw-plot"), make("p", "sw-drawing")];
  words.textContent = "Drawing…";
  frame.append(plot, words);
  el.append(frame);
  let [seen, due, gone] = [false, 0, false];

  const draw = async () => {
    due = 0;
    try {
      const Plotly = await plotly(model);
      if (gone || !seen) return;
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
  const eyes = new IntersectionObserver((entries) => {
    seen = entries.at(-1).isIntersecting;
    soon();
  }, { rootMargin: "200px" });
  const ruler = new ResizeObserver(() => plot.data && plot.offsetWidth && window.Plotly.Plots.resize(plot));
  label();
  eyes.observe(frame);
  ruler.observe(frame);
  model.on("change:figure", soon);
  model.on("change:alt", label);
  model.on("change:height", () => soon(label()));
  return () => {
    gone = true;
    eyes.disconnect();
    ruler.disconnect();
    cancelAnimationFrame(due);
    if (plot.data) window.Plotly?.purge(plot);
  };
}

export default { render };
