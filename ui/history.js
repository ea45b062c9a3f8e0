// The list of conversations: a name is edited in its place, and forgetting one is asked for twice.

const EVENTS = ["choose", "rename", "forget"];

function tell(name, data) {
  const kept = window.footnoteKept; // there where conversations stay in this browser
  if (!kept) return trigger(name, data);
  kept[name](data.id, data.title);
  if (name === "forget" && location.hash.slice(1) === data.id) document.querySelector("#new-chat").click();
}

own.choose = (data) => {
  document.body.classList.remove("drawn");
  tell("choose", data);
};

own.edit = ({ id, title }, button) => {
  const input = Object.assign(document.createElement("input"), { value: title, maxLength: 120 });
  input.setAttribute("aria-label", "Name of the conversation");
  let done = false;
  const end = (keep) => {
    if (done) return;
    done = true;
    if (keep && input.value.trim() && input.value !== title) tell("rename", { id, title: input.value.trim() });
    input.replaceWith(link);
  };
  const link = button.parentElement.querySelector("[data-event=choose]");
  link.replaceWith(input);
  input.addEventListener("blur", () => end(true));
  input.addEventListener("keydown", (key) => {
    if (key.key === "Enter" && !key.isComposing) end(true);
    if (key.key === "Escape") { key.stopPropagation(); end(false); }
  });
  input.select();
};

own.forget = (data, button) => {
  if (button.classList.contains("sure")) return tell("forget", data);
  button.classList.add("sure");
  button.setAttribute("aria-label", "Delete for good?");
  const calm = () => { button.classList.remove("sure"); button.setAttribute("aria-label", "Delete"); };
  button.addEventListener("blur", calm, { once: true });
  setTimeout(calm, 4000);
};
