"use strict";
// Charts come alive: plotly.js is unpacked from this file, and every chart drawn, once somebody may look at one.
(() => {
  const packed = document.getElementById("shipworthy-plotly");
  const figures = [...document.querySelectorAll("figure:has(> .plot)")];
  if (!packed || !figures.length || !window.DecompressionStream) return;
  const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, showTips: false };
  const PAPER = 600; // width of a chart on A4 [px]
  const part = (figure, name) => figure.querySelector(name);
  let library, printing = false;

  const show = (figure, on) => {
    part(figure, ".plot").hidden = !on;
    if (part(figure, "details")) part(figure, "details").open = !on || printing;
  };

  async function unpack() {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (letter) => letter.charCodeAt(0));
    const script = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).blob();
    const element = document.createElement("script");
    element.src = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    await new Promise((resolve, reject) => {
      element.onload = resolve;
      element.onerror = () => reject(new Error("plotly.js did not start"));
      document.head.append(element);
    });
    URL.revokeObjectURL(element.src);
    element.remove(); // a page saved by a browser must not ask for it again
  }

  function draw(figure) {
    const plot = part(figure, ".plot");
    if (plot.dataset.drawn) return undefined;
    plot.dataset.drawn = "yes";
    plot.replaceChildren(); // a page saved by a browser brings its old drawing along
    const { data, layout } = JSON.parse(part(figure, "script").textContent);
    const finger = matchMedia("(pointer: coarse)").matches; // it scrolls the page
    plot.style.height = `${layout.height ?? 300}px`;
    return window.Plotly.newPlot(plot, data, { dragmode: finger ? false : "zoom", ...layout, autosize: true, height: layout.height ?? 300 }, CONFIG)
      .then(() => {
        plot.classList.add("drawn");
        fit(plot);
      });
  }

  function fit(plot) {
    if (plot.offsetWidth) plot.style.setProperty("--fit", String(Math.min(1, PAPER / plot.offsetWidth)));
  }

  function all() {
    library ??= unpack();
    return library.then(() => Promise.all(figures.map(draw))).catch((error) => {
      console.error(error);
      figures.filter((figure) => !part(figure, ".drawn")).forEach((figure) => show(figure, false));
    });
  }

  figures.forEach((figure) => show(figure, true));
  const eyes = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    eyes.disconnect();
    all();
  }, { rootMargin: "600px" });
  figures.forEach((figure) => eyes.observe(figure));
  const idle = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 1500));
  addEventListener("load", () => idle(all)); // so that whoever prints at once gets the charts too

  let width = innerWidth;
  addEventListener("resize", () => {
    if (printing || innerWidth === width) return;
    width = innerWidth;
    document.querySelectorAll(".plot.drawn").forEach((plot) => window.Plotly.Plots.resize(plot).then(() => fit(plot)));
  });
  addEventListener("beforeprint", () => {
    printing = true;
    document.querySelectorAll("details:not([open])").forEach((each) => {
      each.dataset.closed = "yes";
      each.open = true;
    });
  });
  addEventListener("afterprint", () => {
    printing = false;
    document.querySelectorAll("details[data-closed]").forEach((each) => {
      delete each.dataset.closed;
      each.open = false;
    });
  });
})();
