// Conversations that stay in this browser: one entry each, so that tabs do not write over one another.

const EVENTS = ["listed", "restore"];
const PREFIX = "footnote:";
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const all = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map(read).filter(Boolean);
const list = () =>
  trigger("listed", { kept: JSON.stringify(all().map(({ id, title, changed, asked }) => ({ id, title, changed, asked }))) });

function write(one) {
  try {
    localStorage.setItem(PREFIX + one.id, JSON.stringify(one));
  } catch { // the browser gives a page some megabytes
    const said = document.createElement("p");
    Object.assign(said, { className: "message", textContent: "This browser has no room for another conversation; delete some." });
    document.querySelector("#message .html-container")?.replaceChildren(said);
  }
  list();
}

window.footnoteKept = {
  choose: (id) => trigger("restore", { id, exchanges: read(PREFIX + id)?.exchanges ?? "[]" }),
  rename: (id, title) => write({ ...read(PREFIX + id), title, named: true }),
  forget: (id) => { localStorage.removeItem(PREFIX + id); list(); },
};

watch("value", () => {
  if (!props.value) return;
  const one = JSON.parse(props.value);
  const before = read(PREFIX + one.id);
  write(before?.named ? { ...one, title: before.title, named: true } : one);
});
