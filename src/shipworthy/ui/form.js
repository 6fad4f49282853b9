// The question form: real HTML from a declaration, one message an answer, at most one of them on its way.
// Python owns the answers: what is typed goes there at once, and comes back in its canonical form.

const RANGE = [["low", "low"], ["likely", "likely"], ["high", "high"]];
const BOXES = {
  estimate: RANGE, money: RANGE, share: RANGE,
  spread: [["p50", "typical"], ["p95", "1 in 20 over"]],
  requirement: [["limit", "limit"], ["confidence", "how sure"]],
};
const NUMERIC = new Set([...Object.keys(BOXES), "number", "chance"]);
const RANGE_HINT = "One number will do: 12, 12k, 1.5M, 30 %. Of ten cases, one lies below low and one above high.";
const SPREAD_HINT = "Typical: half are below. Not sure of a number? Type three: 40 52 60.";
const EVIDENCE = { kind: "How we know", who: "Who", source: "Source", note: "Note" };
const EVIDENCE_KINDS = ["measured", "quoted", "estimated"].map((kind) => ({ value: kind, label: kind }));
const TYPING_MS = 600;
const SILENT_MS = 8000;
const OPEN_AT_FIRST = 2;
const NOT_KNOWN = /^(tbd|tbc|n\/?a|none|unknown|open)$/i;

function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value || value === "") node.setAttribute(name, value === true ? "" : value);
  }
  if (/input|select|textarea|button|summary/.test(tag)) node.dataset.lmSuppressShortcuts = "true"; // JupyterLab's: d d
  node.append(...children.filter(Boolean));
  return node;
}

const newId = (prefix) => prefix + Math.random().toString(36).slice(2, 10);
const withUnit = (label, unit) => (unit ? `${label} [${unit}]` : label);
const link = (text, label, onclick) => h("button", { type: "button", class: "sw-link", "aria-label": label, onclick }, text);
const setText = (node, text) => node.textContent !== text && (node.textContent = text);
const setValue = (box, value = "", force = false) => {
  if ((force || box !== document.activeElement) && box.value !== String(value)) box.value = value;
};

function makeBox({ kind, choices = [], multiline }, attributes) {
  if (kind === "choice") {
    const options = choices.map(({ value, label }) => h("option", { value }, label));
    return h("select", attributes, h("option", { value: "" }, "Choose…"), ...options);
  }
  if (multiline) return h("textarea", { rows: 3, ...attributes });
  const numeric = NUMERIC.has(kind) && { inputmode: "decimal", class: "sw-number" };
  return h("input", { type: kind === "date" ? "date" : "text", autocomplete: "off", spellcheck: "false", ...numeric, ...attributes });
}

/** Messages wait here, newest fields only, until the one before is acknowledged. */
function mailbox(model) {
  const waiting = new Map();
  let seq = Math.floor(Math.random() * 2 ** 40); // two views of one form must not take each other's acks
  let [sent, silent, timer] = [null, false, 0];
  const tell = (name) => window.dispatchEvent(new CustomEvent(name));
  const fallSilent = () => tell("shipworthy:silent", (silent = true));
  const post = (message) => {
    try {
      model.send({ ...message, seq: ++seq });
    } catch {
      fallSilent();
    }
  };
  const pump = () => {
    if (sent || !waiting.size) return;
    const [key, message] = waiting.entries().next().value;
    waiting.delete(key);
    timer = setTimeout(fallSilent, SILENT_MS);
    post(message);
    sent = { message, seq };
  };
  return {
    send(message) {
      const key = JSON.stringify([message.type, message.question, message.option]);
      waiting.delete(key); // order counts: "unknown", then typed again
      waiting.set(key, message);
      pump();
    },
    acknowledged(number) {
      if (sent?.seq !== number) return;
      clearTimeout(timer);
      if (silent) tell("shipworthy:heard", (silent = false));
      sent = null;
      pump();
    },
    busy: (question, option) => [sent?.message, ...waiting.values()]
      .some((message) => message?.question === question && (message.option ?? null) === option),
    flush() {
      clearTimeout(timer);
      waiting.forEach(post);
      waiting.clear();
    },
  };
}

/** One or more boxes side by side. */
function boxesControl(q, ids) {
  const boxes = (BOXES[q.kind] ?? [["value", ""]]).map(([name, label], index) => {
    const spoken = label ? `${q.label}, ${label}` : q.label;
    const placeholder = typeof q.placeholder === "string" ? !index && q.placeholder : q.placeholder?.[name];
    return [name, label, makeBox(q, { id: `${ids.label}-${name}`, placeholder, "aria-describedby": ids.described,
      "aria-label": withUnit(spoken, name !== "confidence" && q.unit) })];
  });
  const nodes = boxes.map(([, label, box]) => h("span", { class: "sw-box" }, label && h("label", { for: box.id }, label), box));
  return {
    node: h("div", { class: `sw-boxes sw-kind-${q.kind}` }, ...nodes),
    read: () => Object.fromEntries(boxes.map(([name, , box]) => [name, box.value])),
    write: (fields, force) => boxes.forEach(([name, , box]) => setValue(box, fields[name], force)),
    labels: boxes.length === 1 && boxes[0][2].id,
  };
}

/** Several of a list. */
function choicesControl(q, ids) {
  const boxes = q.choices.map(({ value }) => h("input", { type: "checkbox", value, "aria-describedby": ids.described }));
  return {
    node: h("div", { class: "sw-choices" }, ...boxes.map((box, i) => h("label", {}, box, h("span", {}, q.choices[i].label)))),
    read: () => ({ values: boxes.filter((box) => box.checked).map((box) => box.value) }),
    write: ({ values = [] }) => boxes.forEach((box) => (box.checked = values.includes(box.value))),
  };
}

/** Pasted lines without the row of headings on top: the columns' labels, or words where numbers stand below. */
export function withoutHead(lines, columns) {
  const [head, ...rest] = lines;
  const cells = head.map((text, i) => ({ text: text.toLowerCase(), i, ...columns[i] })).filter(({ text, label }) => text && label);
  const named = ({ text, label, unit }) => [label, withUnit(label, unit)].some((known) => known.toLowerCase() === text);
  const isWord = (text) => /\p{L}/u.test(text) && !/\d/.test(text) && !NOT_KNOWN.test(text);
  const words = cells.filter(({ kind }) => NUMERIC.has(kind));
  const above = words.length && words.every(({ text, i }) => isWord(text) && rest.some((line) => /\d/.test(line[i] ?? "")));
  return rest.length && cells.length && (cells.every(named) || above) ? rest : lines;
}

/** A table that is added to, reordered and pasted into; the page holds its rows while they are typed. */
function rowsControl({ label: question, columns }, ids, changed) {
  const body = h("tbody");
  const cellsOf = (row) => [...row.querySelectorAll("[data-name]")];
  const known = columns.map(({ suggestions }) => suggestions && h("datalist", { id: newId("sw-known-") }));
  const suggest = (now) => now.forEach(({ suggestions }, i) =>
    known[i]?.replaceChildren(...suggestions.map((value) => h("option", { value }))));
  suggest(columns);
  const makeRow = (id = newId("r")) => {
    const cells = columns.map((column, i) => h("td", { "data-label": withUnit(column.label, column.unit) },
      makeBox(column, { "data-name": column.key, "aria-describedby": ids.described, list: known[i]?.id, readonly: column.read_only })));
    const tools = Object.entries({ "Move up": "↑", "Move down": "↓", Remove: "✕" }).map(([title, sign]) =>
      h("button", { type: "button", class: "sw-tool", title, onclick: (event) => act[title](row, event.target) }, sign));
    const row = h("tr", { "data-id": id }, ...cells, h("td", { class: "sw-tools" }, ...tools));
    return row;
  };
  const number = () => [...body.rows].forEach((row, i) => {
    cellsOf(row).forEach((box) => (box.ariaLabel = `${question}, row ${i + 1}, ${box.parentNode.dataset.label}`));
    row.querySelectorAll("button").forEach((tool) => (tool.ariaLabel = `${tool.title} row ${i + 1}: ${question}`));
  });
  const settle = (focus) => {
    number();
    changed(); // first: what is on its way is not overwritten when the focus moves
    focus?.focus();
  };
  const act = {
    "Move up": (row, tool) => settle(tool, row.previousSibling?.before(row)),
    "Move down": (row, tool) => settle(tool, row.nextSibling?.after(row)),
    Remove: (row) => settle(cellsOf(row.nextSibling ?? row.previousSibling ?? h("i"))[0] ?? add, row.remove()),
  };
  const add = link("Add a row", `Add a row: ${question}`, () => settle(cellsOf(body.appendChild(makeRow()))[0]));
  const fill = (box, text) => {
    if (box.readOnly) return;
    const same = ({ value, label }) => [value, label].some((known) => known.toLowerCase() === text.toLowerCase());
    box.value = box.options ? [...box.options].find(same)?.value ?? "" : text;
  };
  const paste = (event) => {
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r?\n$/, "");
    const row = event.target.closest("tr");
    if (!/[\t\n]/.test(text)) return; // one cell: as usual
    event.preventDefault();
    const [top, left] = [[...body.rows].indexOf(row), cellsOf(row).indexOf(event.target)];
    const lines = text.split(/\r?\n/).map((line) => line.split("\t").map((value) => value.trim()));
    withoutHead(lines, columns.slice(left)).forEach((line, i) => {
      const cells = cellsOf(body.rows[top + i] ?? body.appendChild(makeRow())).slice(left);
      line.slice(0, cells.length).forEach((value, j) => fill(cells[j], value));
    });
    settle();
  };
  body.addEventListener("paste", paste);
  const heads = columns.map(({ label, unit }) => h("th", { scope: "col" }, label, unit && h("span", { class: "sw-unit" }, ` ${unit}`)));
  return {
    node: h("div", { class: "sw-rows" }, h("table", {}, h("thead", {}, h("tr", {}, ...heads, h("td"))), body), ...known.filter(Boolean), add),
    suggest,
    read: () => ({ rows: [...body.rows].map((row) => (
      { id: row.dataset.id, cells: Object.fromEntries(cellsOf(row).map((box) => [box.dataset.name, box.value])) })) }),
    write({ rows = [] }, force) {
      const known = new Map([...body.rows].map((row) => [row.dataset.id, row]));
      const wanted = rows.map(({ id }) => known.get(id) ?? makeRow(id));
      if (wanted.length !== known.size || wanted.some((row, i) => row !== body.rows[i])) body.replaceChildren(...wanted);
      wanted.forEach((row, i) => cellsOf(row).forEach((box) => setValue(box, rows[i].cells?.[box.dataset.name], force)));
      number();
    },
  };
}

function evidenceControl(label, send, more) {
  const boxes = Object.keys(EVIDENCE).map((name) =>
    makeBox({ kind: name === "kind" ? "choice" : "text", choices: EVIDENCE_KINDS }, { "data-name": name }));
  const read = () => Object.fromEntries(boxes.map((box) => [box.dataset.name, box.value]));
  const node = h("details", { class: "sw-evidence" }, h("summary", { "aria-label": `Evidence… for ${label}` }, "Evidence…"),
    h("div", { oninput: () => send(read()) }, ...boxes.map((box) => h("label", {}, EVIDENCE[box.dataset.name], box)), more));
  return { node, write: (evidence = {}) => boxes.forEach((box) => setValue(box, evidence[box.dataset.name])) };
}

/** One question: its control, help and error, and the quiet line below. */
function makeQuestion(q, { model, mail, hint }) {
  const id = newId("sw-");
  const ids = { label: `${id}-label`, described: [q.help && `${id}-help`, `${id}-error`, hint].filter(Boolean).join(" ") };
  const answer = () => model.get("answers")[q.key] ?? {};
  const own = () => (answer().differs ? model.get("option") : null);
  const face = () => ({ ...answer(), ...(own() && answer().by_option?.[own()]) });
  const send = (type, more) => mail.send({ type, question: q.key, option: own(), ...more });
  let [typedAt, later] = [-Infinity, 0];
  const changed = () => {
    typedAt = performance.now();
    send("answer", { fields: control.read() });
  };
  const control = ({ choices: choicesControl, rows: rowsControl }[q.kind] ?? boxesControl)(q, ids, changed);
  const boxes = () => [...control.node.querySelectorAll("input, select, textarea")];
  const act = (text, onclick) => link(text, `${text}: ${q.label}`, onclick);
  const [tag, scope] = [h("span", { class: "sw-tag" }), h("span")];
  const confirm = act("Confirm", () => send("confirm"));
  const unknown = act("", () => {
    if (face().state !== "unknown") return send("unknown");
    send("reset");
    boxes()[0]?.focus();
  });
  const reset = act("Take this answer back", () => send("reset"));
  const evidence = evidenceControl(q.label, (value) => send("evidence", { evidence: value }), reset);
  const differs = act("", () => mail.send({ type: "differs", question: q.key, on: !own() }));
  const owner = act("", () => send("goto"));
  const copy = act("", () => send("copy"));

  const line = h("div", { class: "sw-line" }, tag, scope, copy, differs, confirm, unknown, owner, evidence.node);
  const error = h("p", { class: "sw-error", id: `${id}-error`, "aria-live": "polite" });
  const place = h("div", { class: "sw-control", oninput: changed }, control.node);
  const label = h(control.labels ? "label" : "span", { for: control.labels, id: ids.label, class: "sw-label" }, q.label,
    q.unit && h("span", { class: "sw-unit" }, ` ${q.unit}`));
  const node = h("div", { class: `sw-ask sw-ask-${q.kind}`, role: "group", "aria-labelledby": ids.label, "data-question": q.key },
    label, place, error, q.help && h("small", { id: `${id}-help` }, q.help), line);

  const show = (button, visible, text) => {
    button.hidden = !visible;
    if (!text || button.textContent === text) return;
    button.textContent = text;
    button.ariaLabel = `${text}: ${q.label}`;
  };
  const showError = () => {
    clearTimeout(later);
    const text = face().error ?? "";
    const wait = typedAt + TYPING_MS - performance.now();
    if (text && wait > 0 && place.contains(document.activeElement)) {
      later = setTimeout(showError, wait); // a number half typed is no error yet
      return;
    }
    setText(error, text);
    boxes().forEach((box) => (box.ariaInvalid = String(!!text)));
  };
  const refresh = (force = false) => {
    const now = face();
    const fields = (own() && now.own?.[own()]) || now.shared || {};
    const [unsure, open, here] = [now.state === "unknown", !now.read_only, document.activeElement];
    const untouched = typedAt === -Infinity; // else the box in focus is left alone
    const echoed = !now.error || now.state === "plain"; // as it was typed, where it was not understood
    // what is on its way, or was not understood, stays as it was typed
    if (force || (echoed && !mail.busy(q.key, own()))) control.write(unsure ? {} : fields, force || untouched);
    boxes().forEach((box) => (box.disabled = !open));
    node.hidden = !!now.hidden;
    Object.assign(node.dataset, { state: now.state ?? "empty", open, borrowed: !!now.borrowed });
    tag.hidden = !now.tag;
    tag.classList.toggle("sw-given", now.state === "given");
    setText(tag, now.tag ?? "");
    tag.title = now.tag ?? "";
    scope.hidden = !q.per_option;
    setText(scope, own() ? "for this option only" : "the same for all options");
    show(differs, q.per_option && open, own() ? "Same for all options" : "Differs by option");
    show(confirm, now.state === "default" && open);
    show(unknown, open && now.state !== "plain", unsure ? "Answer it" : "We don’t know yet");
    show(reset, now.can_reset && !unsure && open);
    show(copy, now.copies && open, now.copies);
    show(owner, now.shown_from, `Asked under ${now.shown_from}`);
    evidence.node.hidden = !open || unsure || now.state === "plain";
    line.hidden = now.state === "plain";
    evidence.write(now.evidence);
    if (here?.hidden && line.contains(here)) unknown.focus();
    showError();
  };
  place.addEventListener("focusout", () => {
    typedAt = -Infinity;
    queueMicrotask(refresh);
  });
  return { node, key: q.key, refresh, suggest: control.suggest, differs: () => own() !== null };
}

/** Enter goes to the next box, as in a spreadsheet. */
function nextBox(event) {
  const here = event.target;
  if (event.key !== "Enter" || event.isComposing || !here.matches("input, select")) return;
  event.preventDefault();
  const boxes = [...event.currentTarget.querySelectorAll("input, select, textarea")].filter((box) => !box.disabled && box.offsetParent);
  const next = boxes[boxes.indexOf(here) + (event.shiftKey ? -1 : 1)];
  next?.focus();
  next?.select?.();
}

/** What a form is built from: what may be typed into a list is suggested without building it anew, which would take the focus. */
const shape = (sections) => JSON.stringify(sections, (key, value) => (key === "suggestions" ? !!value : value));

/** What changed is taken also while no page shows the form: it is there when the form comes back into view. */
function initialize({ model }) {
  model.on("msg:custom", ({ patch }) => patch && model.set("answers", { ...model.get("answers"), ...patch }));
}

function render({ model, el, signal }) {
  const mail = mailbox(model);
  const root = h("div", { class: "sw-form", onkeydown: nextBox });
  let [questions, built] = [[], ""];
  const folds = new Map(); // which sections are open stays so when the form is built anew
  const count = () => root.querySelectorAll(".sw-section").forEach((fold) => {
    const asks = [...fold.querySelectorAll(".sw-ask")].filter((ask) => !ask.hidden);
    const having = (state) => asks.filter((ask) => ask.dataset.open === "true" && ask.dataset.state === state).length;
    const said = [[having("default"), "to confirm"], [having("unknown") + having("empty"), "open"]];
    fold.hidden = !asks.length;
    setText(fold.querySelector(".sw-count"), said.filter(([n]) => n).map(([n, word]) => `${n} ${word}`).join(", "));
  });
  const build = () => {
    questions = [];
    built = shape(model.get("sections"));
    const has = (boxes) => model.get("sections").some((section) => section.questions.some((q) => BOXES[q.kind] === boxes));
    const hints = [has(RANGE) && RANGE_HINT, has(BOXES.spread) && SPREAD_HINT].filter(Boolean).join(" ");
    const hint = hints && newId("sw-hint-");
    const sections = model.get("sections").map((section) => {
      const asks = section.questions.map((q) => makeQuestion(q, { model, mail, hint: NUMERIC.has(q.kind) && hint }));
      questions.push(...asks);
      const fold = h("details", { class: "sw-section", "data-key": section.key },
        h("summary", {}, section.legend, h("span", { class: "sw-count" })),
        h("fieldset", {}, h("legend", { class: "sw-hidden" }, section.legend), section.help && h("p", { class: "sw-help" }, section.help), ...asks.map((ask) => ask.node)));
      fold.open = folds.get(section.key) ?? folds.size < OPEN_AT_FIRST;
      folds.set(section.key, fold.open);
      fold.addEventListener("toggle", () => folds.set(section.key, fold.open));
      return fold;
    });
    root.replaceChildren(...[hint && h("p", { class: "sw-hint", id: hint }, hints), ...sections].filter(Boolean));
    questions.forEach((question) => question.refresh(true));
    count();
  };
  const unfold = (fold) => {
    if (!fold) return;
    fold.open = true;
    fold.scrollIntoView({ block: "nearest" });
  };
  const refresh = (switched = false) => {
    questions.forEach((question) => question.refresh(switched && question.differs()));
    count();
  };
  model.on("change:sections", () => {
    if (shape(model.get("sections")) !== built) return build();
    const asked = new Map(model.get("sections").flatMap((section) => section.questions).map((q) => [q.key, q]));
    questions.forEach(({ key, suggest }) => suggest?.(asked.get(key).columns));
  });
  model.on("change:answers", () => refresh());
  model.on("change:option", () => refresh(true));
  model.on("msg:custom", ({ type, seq, section }) => {
    if (type === "ack") mail.acknowledged(seq);
    if (type === "unfold") unfold([...root.children].find((fold) => fold.dataset.key === section));
    refresh(); // also where nothing changed: "12 " becomes "12" again
  });
  window.addEventListener("shipworthy:leaving", mail.flush, { signal });
  el.append(root);
  build();
  return mail.flush;
}

export default { initialize, render };
