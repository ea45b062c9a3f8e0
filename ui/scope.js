// Which documents a question is asked of, where that is not all of them.

const EVENTS = ["everything"];
own.everything = () => {
  dispatchEvent(new Event("footnote:everything"));
  trigger("everything", {});
};
