"use strict";
// What is shown without a script stays as it is; this adds a readout that follows the pointer and the arrow keys, and a choice of theme.
(() => {
  const root = document.documentElement;
  const button = document.createElement("button");
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = isDark() ? "light" : "dark"; button.setAttribute("aria-label", `use the ${button.textContent} theme`); };
  button.className = "theme";
  button.type = "button";
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  label();
  document.body.append(button);

  for (const plot of document.querySelectorAll(".plot")) {
    const hits = [...plot.querySelectorAll(".hit")];
    if (!hits.length) continue;
    const said = document.createElement("div");
    const frame = plot.closest(".frame");
    let at = -1;
    said.className = "said";
    said.hidden = true;
    said.setAttribute("aria-live", "polite");
    frame.append(said);
    for (const hit of hits) { // the browser's own tooltip would stand beside the readout
      hit.dataset.says = hit.querySelector("title").textContent;
      hit.querySelector("title").remove();
    }
    const show = (nth) => {
      if (at >= 0) hits[at].classList.remove("here");
      at = nth;
      said.hidden = at < 0;
      if (at < 0) return;
      hits[at].classList.add("here");
      said.textContent = hits[at].dataset.says;
      const box = hits[at].getBoundingClientRect(), whole = frame.getBoundingClientRect();
      const right = box.right - whole.left + 8;
      const fits = right + said.offsetWidth <= whole.width;
      said.style.left = `${Math.max(0, fits ? right : box.left - whole.left - said.offsetWidth - 8)}px`;
      said.style.top = "24px";
    };
    plot.addEventListener("pointermove", (event) => show(hits.indexOf(event.target.closest(".hit"))));
    plot.addEventListener("pointerdown", (event) => show(hits.indexOf(event.target.closest(".hit"))));
    plot.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") show(-1); }); // a finger that is lifted leaves, too
    plot.addEventListener("blur", () => show(-1));
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === "Escape") show(-1);
      if (!step) return;
      event.preventDefault();
      show(Math.min(Math.max(at + step, 0), hits.length - 1));
    });
  }
  addEventListener("beforeprint", () => document.querySelectorAll("section > details").forEach((one) => { one.open = true; }));
})();
