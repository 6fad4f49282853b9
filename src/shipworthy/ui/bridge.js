// The browser bridge: the decision's id in the address, downloads, uploads, heartbeat, title, landmarks, announcements.

const MEMORY = "shipworthy.decisions";
const REMEMBERED = 20;
const LANDMARKS = { ".sw-header": ["banner"], ".sw-rail": ["navigation", "Considerations"], ".sw-main": ["main"], ".sw-start": ["main"],
  ":is(.sw-app .widget-html-content, .jp-RenderedHTMLCommon):has(> table, > div > table)": ["group", "Table", "0"],
  ".sw-strip": ["region", "Options"], ".sw-options": ["list", "Options compared", "0"], ".sw-clash": ["alert"],
  ".sw-tabs": ["group", "Option in view"], ".sw-finding": ["region", "Finding", "-1"] };
const STATES = { ".sw-rail button": [".sw-current", "aria-current", "step"],
  ".sw-tabs button": [".sw-on", "aria-pressed", "true"] };
const LOST = "The workbook lost its connection. Your answers are saved up to a moment ago.";
const LOST_HERE = "This panel lost its kernel. Your answers are saved up to a moment ago: run the notebook again.";
let current = null; // the place that the rail marks
const views = new Set(); // where this bridge is displayed (every bridge has a module of its own)

function h(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const inAddress = (name) => new URLSearchParams(location.hash.slice(1)).get(name) ?? "";
const idInAddress = () => inAddress("d");
const putInAddress = (how, d, p = "") =>
  history[how](null, "", d ? `#${new URLSearchParams(p ? { d, p } : { d })}` : location.pathname + location.search);
const PASSES_MS = 10000; // a message that is no error

/** Decisions that this browser opened, newest first, changed on the way. */
function memory(change = (ids) => ids) {
  try {
    const known = [JSON.parse(localStorage.getItem(MEMORY)) ?? []].flat().filter((id) => typeof id === "string");
    const ids = [...new Set(change(known))].slice(0, REMEMBERED);
    localStorage.setItem(MEMORY, JSON.stringify(ids));
    return ids;
  } catch {
    return []; // storage is forbidden: this browser forgets
  }
}

/** Roles, names and states that ipywidgets cannot set, by class. */
function markLandmarks(ours) {
  if (ours) document.getElementById("rendered_cells")?.removeAttribute("role"); // the page's main: the workbook brings its own
  const set = (node, name, value) => value && node.getAttribute(name) !== value && node.setAttribute(name, value);
  for (const [place, [role, label, tab]] of Object.entries(LANDMARKS)) { // what scrolls can be focused
    if (role === "main" && !ours) continue; // the page around the panel has one
    document.querySelectorAll(place).forEach((node) => [set(node, "role", role), set(node, "aria-label", label), set(node, "tabindex", tab)]);
  }
  for (const [place, [marked, name, value]] of Object.entries(STATES)) {
    document.querySelectorAll(place).forEach((node) => set(node, name, node.matches(marked) ? value : "false"));
  }
  const here = document.querySelector(".sw-rail .sw-current");
  if (here && here !== current) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
  current = here; // on a narrow screen the rail goes sideways: the place in view stays in view in it
}

/** What stays in view takes room: told to the stylesheet, which keeps the rest, and what has the focus, clear of it. */
function measure() {
  const [header, state, strip] = [".sw-header", ".sw-header > .sw-state", ".sw-strip"].map((name) => document.querySelector(`.sw-app > ${name}`));
  const set = (name, value) => document.documentElement.style.setProperty(name, `${Math.round(value)}px`);
  set("--sw-top", header?.offsetHeight ?? 0);
  set("--sw-fold", state?.offsetTop ?? 0); // what may scroll away of it on a narrow screen
  set("--sw-bottom", strip?.offsetHeight ?? 0);
}

/** Blocks the page for as long as there is a reason to; some reasons pass. */
function makeAlarm(ours) {
  const reasons = new Set();
  const reload = h("button", { className: "sw-button sw-primary", textContent: "Reload", hidden: !ours });
  reload.onclick = () => location.reload();
  const box = h("div", { className: "sw-lost", role: "alertdialog", ariaModal: String(ours), ariaLabel: "Connection lost" },
    h("p", { textContent: ours ? LOST : LOST_HERE }), reload);
  const cover = h("div", { className: ours ? "sw-cover" : "sw-cover sw-in-notebook", hidden: true }, box);
  const show = () => {
    const lost = reasons.size > 0 && (ours || [...views].some((view) => view.isConnected));
    if (lost !== cover.hidden) return;
    cover.hidden = !lost;
    document.querySelectorAll(".sw-app").forEach((app) => (app.inert = lost));
    if (lost && ours) reload.focus();
  };
  return { cover, show, raise: (reason) => show(reasons.add(reason)), lift: (reason) => show(reasons.delete(reason)) };
}

/** Sizes are checked before a byte is read: a large message would take the connection down. */
async function takeFile(model, file, complain) {
  const inMB = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const most = model.get("max_bytes");
  complain("");
  if (file?.size > most) complain(`“${file.name}” has ${inMB(file.size)}. Files up to ${inMB(most)} can be opened.`);
  else if (file) model.send({ type: "file", name: file.name }, undefined, [await file.arrayBuffer()]);
}

/** A file dropped anywhere on the page. */
function acceptDrops(model, { on, concerns, layer }) {
  let depth = 0; // dragenter and dragleave come for every element on the way
  const complain = (text) => model.set("notice", text ? { text, kind: "error" } : {});
  for (const [name, step] of Object.entries({ dragenter: 1, dragover: 0, dragleave: -1, drop: -Infinity })) {
    on(document, name, (event) => {
      if (!model.get("show_upload") || !event.dataTransfer?.types.includes("Files") || !concerns(event)) return;
      event.preventDefault();
      depth = Math.max(0, depth + step);
      layer.hidden = !depth;
      if (name === "drop") takeFile(model, event.dataTransfer.files[0], complain);
    });
  }
}

/** The page's part: once for each bridge, displayed or not. */
function initialize({ model, signal }) {
  const ours = model.get("fragment");
  const alarm = makeAlarm(ours);
  const live = h("div", { className: "sw-hidden", role: "status" });
  const layer = h("div", { className: "sw-drop", hidden: true, textContent: "Drop a decision or a record here" });
  const words = h("p", {});
  const notice = h("div", {}, words, h("button", { className: "sw-link", textContent: "Dismiss" }));
  const dismiss = () => tell({ type: "dismiss" }, (notice.hidden = true));
  const pass = () => (notice.matches(":hover, :focus-within") ? (passing = setTimeout(pass, PASSES_MS)) : dismiss());
  notice.lastChild.onclick = dismiss;
  document.body.append(live, notice, layer, alarm.cover);
  const on = (target, name, act) => target.addEventListener(name, act, { signal });
  const concerns = (event) => ours || event.target.closest?.(".sw-app");
  const tell = (message) => {
    try {
      model.send(message);
    } catch {
      alarm.raise("beat");
    }
  };

  let [unanswered, instance, speaking, marking, passing] = [0, null, 0, 0, 0];
  let [asked, arrived] = [0, 0]; // steps through the browser's history that the kernel was told of, and that it took
  const follow = (type, more) => tell({ type, id: ours ? idInAddress() : "", place: ours ? inAddress("p") : "", n: ++asked, ...more });
  const settle = (how) => {
    const [id, place] = [model.get("decision"), model.get("place")];
    if (ours && asked === arrived && (id !== idInAddress() || (id && place !== inAddress("p")))) putInAddress(how, id, place);
  };
  const beat = () => tell({ type: "beat", n: unanswered });
  const pulse = setInterval(() => {
    if (unanswered >= 2) alarm.raise("beat");
    unanswered += 1;
    beat();
  }, model.get("beat_seconds") * 1000);
  const received = {
    beat(message) {
      unanswered = 0;
      instance ??= message.instance;
      if (message.instance === instance) alarm.lift("beat");
      else alarm.raise("another kernel");
    },
    download({ name, mime }, buffers) {
      const href = URL.createObjectURL(new Blob(buffers, { type: mime }));
      h("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
    },
    forget({ id }) {
      memory((ids) => ids.filter((known) => known !== id));
    },
    there({ n }) {
      arrived = n;
      settle("replaceState"); // it may have stayed where it was
    },
  };
  const shown = {
    decision() {
      const id = model.get("decision");
      if (id) memory((ids) => [id, ...ids]);
      settle("pushState");
    },
    notice() {
      const { text = "", kind = "info", copy = "" } = model.get("notice");
      Object.assign(notice, { className: `sw-banner sw-banner-${kind}`, hidden: !text, role: kind === "error" ? "alert" : "status" });
      words.textContent = text;
      clearTimeout(passing);
      if (text && kind !== "error" && !copy) passing = setTimeout(pass, PASSES_MS);
      if (!copy) return;
      memory((ids) => [...ids.slice(0, 1), copy, ...ids.slice(1)]);
      if (ours) words.append(" ", h("a", { href: `#${new URLSearchParams({ d: copy })}`, textContent: "Open my copy" }));
    },
    page_title: () => ours && (document.title = model.get("page_title") || document.title),
    announcement: () => (speaking ||= setTimeout(() => {
      speaking = 0;
      live.textContent = model.get("announcement");
    }, 1000)),
  };
  Object.entries(shown).forEach(([name, show]) => model.on(`change:${name}`, show));
  model.on("change:place", shown.decision);
  model.on("msg:custom", (message, buffers) => received[message.type]?.(message, buffers));
  model.on("comm:close", () => ours && alarm.raise("closed"));
  on(window, "shipworthy:silent", () => alarm.raise("form"));
  on(window, "shipworthy:heard", () => alarm.lift("form"));
  on(window, "shipworthy:left", () => tell({ type: "leaving" })); // the forms have sent what was typed last
  on(document, "visibilitychange", () => document.hidden || beat());
  on(window, "hashchange", () => ours && follow("open"));
  on(document, "click", ({ target }) => {
    if (!target.closest(".sw-brief button")) return;
    const finding = target.closest(".sw-main").querySelector(".sw-finding");
    finding?.focus({ preventScroll: true });
    finding?.scrollIntoView({ block: "start" });
  });
  on(document, "click", (event) => {
    const finding = event.target.closest(".sw-app [data-place]");
    if (finding && concerns(event)) tell({ type: "show", place: finding.dataset.place, option: finding.dataset.option ?? "" }, scrollTo(0, 0));
  });
  on(window, "shipworthy:may-leave", (event) => ours && model.get("unsaved") && event.preventDefault()); // the browser asks
  on(document, "keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !"zy".includes(key) || !concerns(event)) return;
    if (event.target.closest("input:not([type=checkbox], [type=file]), textarea, [contenteditable]")) return; // its own undo
    event.preventDefault();
    tell({ type: key === "y" || event.shiftKey ? "redo" : "undo" });
  });
  acceptDrops(model, { on, concerns, layer });

  const resized = new ResizeObserver(measure);
  const mark = () => (marking ||= requestAnimationFrame(() => {
    markLandmarks(ours, (marking = 0));
    alarm.show();
    document.querySelectorAll(".sw-app > :is(.sw-header, .sw-strip)").forEach((part) => resized.observe(part)); // again does nothing
  }));
  const watcher = new MutationObserver(mark);
  watcher.observe(document.body, { subtree: true, childList: true, attributeFilter: ["class"] });
  mark();
  document.documentElement.classList.toggle("sw-page", ours);
  follow("hello", { remembered: memory() });
  beat();
  shown.notice();
  shown.page_title();
  if (model.get("decision")) shown.decision(); // else the answer to hello says which
  return () => {
    clearInterval(pulse);
    clearTimeout(speaking);
    clearTimeout(passing);
    watcher.disconnect();
    resized.disconnect();
    [live, notice, layer, ...(ours && !alarm.cover.hidden ? [] : [alarm.cover])].forEach((node) => node.remove());
  };
}

/** The button that takes a file, wherever the bridge is displayed. */
function render({ model, el }) {
  const label = h("span", {});
  const problem = h("p", { className: "sw-error", role: "alert" });
  const input = h("input", { type: "file", className: "sw-hidden", accept: ".json,.html,.htm", onchange: () => {
    takeFile(model, input.files[0], (text) => (problem.textContent = text));
    input.value = "";
  } });
  const upload = h("div", { className: "sw-upload" }, h("label", { className: "sw-button" }, label, input), problem);
  const show = () => {
    upload.hidden = !model.get("show_upload");
    label.textContent = model.get("upload_label");
  };
  model.on("change:show_upload", show);
  model.on("change:upload_label", show);
  el.append(upload);
  views.add(el);
  show();
  return () => views.delete(el);
}

export default { initialize, render };
