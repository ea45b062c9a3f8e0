// Searching the documents as one types, and asking only some of them.

const EVENTS = ["narrow", "within"];
const form = () => element.querySelector("form");
const picked = (window.footnotePicked ??= new Set());
let later;
element.addEventListener("input", () => {
  clearTimeout(later);
  later = setTimeout(() => trigger("narrow", Object.fromEntries(new FormData(form()))), 200);
});
element.addEventListener("submit", (submit) => submit.preventDefault());
own.within = () => trigger("within", { picked: [...picked] });
