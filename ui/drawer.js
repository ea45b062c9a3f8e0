// Narrow windows: the list of conversations is a drawer.

const EVENTS = [];
const page = document.body.classList;
own.draw = () => {
  page.toggle("drawn");
  if (page.contains("drawn")) document.querySelector("#new-chat").focus();
};
document.addEventListener("click", ({ target }) => {
  if (page.contains("drawn") && (!target.closest("#aside, #bar") || target.closest("#new-chat"))) page.remove("drawn");
});
document.addEventListener("keydown", (key) => {
  if (key.key !== "Escape" || key.defaultPrevented || !page.contains("drawn")) return;
  key.preventDefault();
  page.remove("drawn");
  element.querySelector("button").focus();
});
