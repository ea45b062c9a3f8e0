// The list of conversations: a name is edited in its place, and forgetting one is asked for twice.

const EVENTS = ["choose", "rename", "forget"];

own.choose = (data) => {
  document.body.classList.remove("drawn");
  trigger("choose", data);
};

own.edit = ({ id, title }, button) => {
  const input = Object.assign(document.createElement("input"), { value: title, maxLength: 120 });
  input.setAttribute("aria-label", "Name of the conversation");
  let done = false;
  const end = (keep) => {
    if (done) return;
    done = true;
    if (keep && input.value.trim() && input.value !== title) trigger("rename", { id, title: input.value });
    input.replaceWith(link);
  };
  const link = button.parentElement.querySelector("[data-event=choose]");
  link.replaceWith(input);
  input.addEventListener("blur", () => end(true));
  input.addEventListener("keydown", (key) => {
    if (key.key === "Enter") end(true);
    if (key.key === "Escape") { key.stopPropagation(); end(false); }
  });
  input.select();
};

own.forget = (data, button) => {
  if (button.classList.contains("sure")) return trigger("forget", data);
  button.classList.add("sure");
  button.setAttribute("aria-label", "Delete for good?");
  const calm = () => { button.classList.remove("sure"); button.setAttribute("aria-label", "Delete"); };
  button.addEventListener("blur", calm, { once: true });
  setTimeout(calm, 4000);
};
