// The conversation's own behaviour; runs once, in the browser, with `element` and `watch` given by Gradio.
// Without it footnotes still open, and a chip still leads to its footnote.

const opened = new Set(); // ids of the open footnotes: every new sentence redraws them, and they must stay open
let exchanges = 0;

const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

element.addEventListener(
  "toggle", // does not bubble, hence the capture
  ({ target }) => (target.open ? opened.add(target.id) : opened.delete(target.id)),
  true,
);

element.addEventListener("click", (event) => {
  const chip = event.target.closest("a.chip");
  if (!chip) return;
  event.preventDefault();
  const footnote = document.getElementById(chip.hash.slice(1));
  footnote.open = true;
  footnote.querySelector("summary").focus({ preventScroll: true });
  footnote.querySelector("mark").scrollIntoView({ block: "center", behavior: motion() });
});

watch("value", () => {
  const footnotes = [...element.querySelectorAll("details[id]")];
  const present = new Set(footnotes.map(({ id }) => id));
  for (const id of opened) if (!present.has(id)) opened.delete(id);
  for (const footnote of footnotes) footnote.open = opened.has(footnote.id);

  const drawn = element.querySelectorAll(".exchange");
  if (drawn.length > exchanges) drawn[drawn.length - 1].scrollIntoView({ block: "start" }); // and never again
  exchanges = drawn.length;
});
