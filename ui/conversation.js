// The conversation's own behaviour; runs once, in the browser, with `element`, `watch` and `trigger` given by Gradio.

const EVENTS = ["open", "ask", "again", "rate", "save", "back"];
const box = () => document.querySelector("#question textarea");
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const chips = (within) => [...within.querySelectorAll("button.chip")];
let exchanges = 0;
let held = null; // the chip that had the focus when the conversation was drawn anew

// Hovering over a chip, or focusing it, shows its quote.

const peek = document.body.appendChild(Object.assign(document.createElement("div"), { id: "peek", hidden: true }));
peek.setAttribute("role", "tooltip");

function show(chip) {
  const quote = Object.assign(document.createElement("q"), { textContent: chip.dataset.quote, dir: "auto" });
  const origin = Object.assign(document.createElement("cite"), { textContent: chip.dataset.origin, dir: "auto" });
  peek.replaceChildren(quote, origin);
  peek.hidden = false;
  const at = chip.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = peek;
  const left = Math.max(8, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - 8));
  chip.setAttribute("aria-describedby", "peek");
  const top = at.top - height - 8 > 0 ? at.top - height - 8 : at.bottom + 8;
  Object.assign(peek.style, { left: `${left}px`, top: `${top}px` });
}
const hide = () => (peek.hidden = true);

for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  element.addEventListener(on, ({ target, pointerType }) => {
    const chip = target.closest("button.chip[data-quote]");
    if (chip && pointerType !== "touch" && (on === "pointerover" || chip.matches(":focus-visible"))) show(chip);
  });
  element.addEventListener(off, hide);
}
addEventListener("scroll", hide, true);
let menu = null; // number of the exchange whose menu is open
const menuOf = (number) => element.querySelector(`.exchange[data-number="${number}"] details.export`);
element.addEventListener("toggle", ({ target }) => { // does not bubble, hence the capture
  if (target.matches("details.export") && target.isConnected) {
    menu = target.open ? target.closest(".exchange").dataset.number : null;
  }
}, true);
document.addEventListener("click", ({ target }) => {
  for (const open of element.querySelectorAll("details.export[open]")) {
    if (!open.contains(target) || target.closest("button")) open.open = false;
  }
});

// What needs no server.

own.copy = async ({ text }, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // only pages from this machine or over https may use it
    const area = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.classList.add("did");
  setTimeout(() => button.classList.remove("did"), 1500);
};

own.edit = (_, button) => {
  const exchange = button.closest(".exchange");
  const { number } = exchange.dataset;
  const later = element.querySelectorAll(".exchange").length - number;
  const go = later ? `Ask again, without the ${later} later ${later > 1 ? "answers" : "answer"}` : "Ask again";
  ask(exchange, "header", "Question", exchange.querySelector(".question").textContent, go, (question) =>
    trigger("again", { exchange: number, question }));
};

own.rate = (data, button) => {
  if (data.verdict === "right") return trigger("rate", data);
  ask(button.closest(".exchange"), ".actions", "What is wrong with it?", "", "Send", (reason) =>
    trigger("rate", { ...data, reason }), true);
};

let form = null; // the open form, and where it belongs: what is drawn anew does not know of it

function place() {
  const exchange = form && element.querySelector(`.exchange[data-number="${form.number}"]`);
  if (!exchange) return (form = null);
  if (exchange.contains(form.node)) return;
  const at = document.activeElement === form.area || document.activeElement === document.body;
  exchange.querySelector(form.behind)?.after(form.node);
  if (at) form.area.focus({ preventScroll: true });
}

function ask(exchange, behind, label, text, go, then, optional = false) {
  form?.node.remove();
  const node = Object.assign(document.createElement("form"), { className: "inline" });
  const close = () => { node.remove(); form = null; exchange.querySelector("button")?.focus({ preventScroll: true }); };
  const area = Object.assign(document.createElement("textarea"), { value: text, rows: 2, maxLength: 2000, dir: "auto" });
  area.setAttribute("aria-label", label);
  if (optional) area.placeholder = `${label} (you can leave this empty)`;
  const send = Object.assign(document.createElement("button"), { type: "submit", textContent: go });
  const leave = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
  node.append(area, send, leave);
  leave.addEventListener("click", close);
  node.addEventListener("keydown", (key) => {
    if (key.key === "Enter" && !key.shiftKey && !key.isComposing) { key.preventDefault(); node.requestSubmit(); }
    if (key.key === "Escape") { key.stopPropagation(); close(); }
  });
  node.addEventListener("submit", (submit) => {
    submit.preventDefault();
    if (!optional && !area.value.trim()) return area.focus();
    const said = area.value;
    close();
    then(said);
  });
  form = { node, area, behind, number: exchange.dataset.number };
  place();
  area.focus();
}

// Keys: / goes to the question box, arrows from chip to chip, Escape shuts what is open.

document.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey) return;
  if (key.key === "/" && !typing(key.target)) {
    key.preventDefault();
    [box(), document.querySelector("#tools input")].find((one) => one?.offsetParent)?.focus();
  }
  if (key.key !== "Escape" || key.defaultPrevented) return; // one thing at a time, the topmost first
  const open = element.querySelector("details.export[open]");
  if (open) { open.open = false; key.preventDefault(); }
  hide();
});
element.addEventListener("keydown", (key) => {
  const chip = key.target.closest("button.chip");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
  if (!chip || !step) return;
  const row = chips(element);
  const next = row[row.indexOf(chip) + step];
  if (!next) return;
  key.preventDefault();
  next.focus();
  if (document.body.classList.contains("sourced")) next.click();
});

// Every new sentence draws the conversation anew: focus and scroll stay where they were.

element.addEventListener("focusin", ({ target }) => (held = target.closest("button.chip")));
element.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && (held = null));

// One voice for what happens, outside what is drawn anew: a screen reader hears it once.

const voice = document.body.appendChild(Object.assign(document.createElement("p"), { className: "unseen" }));
voice.setAttribute("role", "status");
let shownId = "";
let busy = false;

function tell() {
  const now = element.querySelector(".conversation").ariaBusy === "true";
  const last = [...element.querySelectorAll(".exchange")].at(-1);
  if (busy && !now && last) voice.textContent = `Answer: ${last.querySelector(".answer").textContent}`;
  else if (!busy && now) voice.textContent = "Looking through the documents";
  busy = now;
}

watch("value", () => {
  if (held && !held.isConnected) {
    const { exchange, footnote } = held.dataset;
    const same = chips(element).find((one) => one.dataset.exchange === exchange && one.dataset.footnote === footnote);
    if (document.activeElement === document.body) same?.focus({ preventScroll: true });
  }
  hide();
  if (menu && menuOf(menu)) menuOf(menu).open = true;
  place();
  const drawn = element.querySelectorAll(".exchange");
  if (drawn.length && drawn.length !== exchanges) drawn[drawn.length - 1].scrollIntoView({ block: "start" }); // once
  exchanges = drawn.length;
  const { id } = element.querySelector(".conversation").dataset;
  if (id !== shownId) dispatchEvent(new Event("footnote:shut")); // the source belongs to another conversation
  shownId = id;
  tell();
  remember(id);
});

// A reload comes back to the conversation, and the browser's way back leads to the one before.

let returning = false;

function remember(id) {
  const here = location.hash.slice(1);
  const moved = here && here !== id && !returning; // from an empty page nothing is worth coming back to
  returning = false;
  history[moved ? "pushState" : "replaceState"](null, "", id ? `#${id}` : location.pathname + location.search);
}
addEventListener("popstate", () => {
  const id = location.hash.slice(1);
  if (id === shownId) return;
  returning = true; // what is shown now takes this place, even where the conversation was deleted
  if (!window.footnoteKept) trigger("back", { id });
  else if (id) window.footnoteKept.choose(id);
  else document.querySelector("#new-chat").click();
});
