// The sources panel: opens when the server puts a source into it, with the quote in view; shut here, without the server.

const EVENTS = ["open"];
const page = document.body.classList;
let opener = null; // where the focus goes back to

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-event=open], button[data-event=read]");
  if (button && !element.contains(button)) opener = button;
}, true);

function shut() {
  if (!page.contains("sourced")) return;
  page.remove("sourced");
  const { exchange, footnote, kind } = opener?.dataset ?? {};
  const again = opener?.isConnected ? opener : [...document.querySelectorAll(".exchange button[data-event=open]")].find(
    ({ dataset }) => dataset.exchange === exchange && dataset.footnote === footnote && dataset.kind === kind);
  again?.focus({ preventScroll: true });
}
own.close = shut;
addEventListener("footnote:shut", shut);
document.addEventListener("keydown", (key) => {
  if (key.key !== "Escape" || key.defaultPrevented || !page.contains("sourced")) return;
  key.preventDefault();
  shut();
});

watch("value", () => {
  const source = element.querySelector(".source");
  if (!source) return page.remove("sourced");
  page.add("sourced");
  const passage = source.querySelector(".passage");
  const mark = passage?.querySelector("mark");
  if (mark) {
    const room = passage.clientHeight - mark.offsetHeight;
    const above = mark.getBoundingClientRect().top - passage.getBoundingClientRect().top + passage.scrollTop;
    passage.scrollTop = above - Math.max(16, room / 2);
  }
  source.querySelector("h2").focus({ preventScroll: true });
});
