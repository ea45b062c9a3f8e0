// Goes before every component's own script, with `element` and `trigger` given by Gradio: a click on
// <button data-event="name" data-…> either does what `own` has under that name, or tells the server.

const own = {};

element.addEventListener("click", (click) => {
  const button = click.target.closest("button[data-event]");
  if (!button || !element.contains(button)) return;
  const { event: name, ...data } = button.dataset;
  if (own[name]) own[name](data, button);
  else if (EVENTS.includes(name)) trigger(name, data);
});
