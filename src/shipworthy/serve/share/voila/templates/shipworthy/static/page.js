// What Voila's own scripts call on a page, and the sentence shown until the page can be used.
(() => {
  const slow = setTimeout(() => say("Still opening the workbook. If nothing happens in a minute, reload this page."), 20000);

  function say(sentence) {
    const notice = document.getElementById("loading");
    if (notice) notice.textContent = sentence;
  }

  function show() {
    clearTimeout(slow);
    document.getElementById("loading")?.remove();
  }

  // Heard before Voila lets go of the kernel, as this script is the first: what was typed last goes out, and is saved.
  // Where it cannot be saved the browser asks, and the kernel stays: it ends some minutes later if the page was left.
  addEventListener("beforeunload", (event) => {
    for (const name of ["leaving", "left"]) dispatchEvent(new CustomEvent(`shipworthy:${name}`));
    if (dispatchEvent(new CustomEvent("shipworthy:may-leave", { cancelable: true }))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });

  // Called at the end of the document, and by Voila once its style is loaded: whichever comes second shows the cells.
  window.voila_finish = () => {
    window.cellLoaded = true;
    if (!window.themeLoaded) return;
    const cells = document.getElementById("rendered_cells");
    cells.hidden = false;
    const waiting = () => cells.querySelector('script[type="application/vnd.voila.cell-output+json"]');
    const drawn = () => cells.querySelector(".jupyter-widgets") || !waiting();
    if (drawn()) return show();
    const watch = new MutationObserver(() => {
      if (!drawn()) return;
      watch.disconnect();
      show();
    });
    watch.observe(cells, { childList: true, subtree: true });
  };

  window.voila_process = () => {};
  window.voila_heartbeat = () => {};
})();
