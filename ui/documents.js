// The table of documents: ticks outlive a redrawing, and removing a file is asked for twice.

const EVENTS = ["sort", "turn", "read", "remove"];
const picked = (window.footnotePicked ??= new Set()); // sources; the tools ask for them too

own.page = (data) => trigger("turn", data);
own.remove = (data, button) => {
  if (button.classList.contains("sure")) {
    picked.delete(data.source);
    return trigger("remove", data);
  }
  button.classList.add("sure");
  button.setAttribute("aria-label", "Delete the file for good?");
  const calm = () => { button.classList.remove("sure"); button.setAttribute("aria-label", "Remove"); };
  button.addEventListener("blur", calm, { once: true });
};

const boxes = () => [...element.querySelectorAll("tbody input[data-pick]:not(:disabled)")];
function tick() {
  for (const box of boxes()) box.checked = picked.has(box.dataset.pick);
  const all = element.querySelector("input[data-pick=all]");
  if (all) all.checked = boxes().length > 0 && boxes().every((box) => box.checked);
  document.querySelectorAll(".tools .within").forEach((button) => {
    button.textContent = picked.size ? `Ask only these ${picked.size}` : "Ask only these";
  });
}
element.addEventListener("change", ({ target }) => {
  if (!target.matches("input[data-pick]")) return;
  const chosen = target.dataset.pick === "all" ? boxes() : [target];
  for (const box of chosen) picked[target.checked ? "add" : "delete"](box.dataset.pick);
  tick();
});
addEventListener("footnote:everything", () => { picked.clear(); tick(); });

const unfolded = new Set(); // sources: what is opened stays open when the table is drawn anew
const sourceOf = (details) => details.closest("tr").querySelector("input").dataset.pick;
element.addEventListener("toggle", ({ target }) => {
  if (target.isConnected) unfolded[target.open ? "add" : "delete"](sourceOf(target));
}, true);
watch("value", () => {
  for (const details of element.querySelectorAll("tr details")) details.open = unfolded.has(sourceOf(details));
  tick();
});
