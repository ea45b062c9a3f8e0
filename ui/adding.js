// Files are sent one after another, each with its progress and a way to take it back; then the server takes them in.

const EVENTS = ["received"];
const input = () => element.querySelector("input[type=file]");
const zone = document.querySelector("#documents-tab");
let waiting = [], arrived = [], sending = false;

own.pick = () => input().click();
element.addEventListener("change", ({ target }) => { take(target.files); target.value = ""; });
for (const name of ["dragenter", "dragover"]) zone?.addEventListener(name, (drag) => {
  if (!drag.dataTransfer?.types.includes("Files")) return;
  drag.preventDefault();
  zone.classList.add("over");
});
for (const name of ["dragleave", "drop"]) zone?.addEventListener(name, (drag) => {
  if (name === "dragleave" && zone.contains(drag.relatedTarget)) return;
  zone.classList.remove("over");
  if (name === "drop" && drag.dataTransfer?.files.length) { drag.preventDefault(); take(drag.dataTransfer.files); }
});

function take(files) {
  const most = Number(element.querySelector(".adding").dataset.most);
  for (const [place, file] of [...files].entries()) {
    if (place >= most) {
      const line = element.querySelector(".sending").appendChild(document.createElement("li"));
      fail({ line, file }, `and ${files.length - most - 1} more were not taken: ${most} at a time`);
      break;
    }
    const line = document.createElement("li");
    const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
    bar.setAttribute("aria-label", "Sending");
    const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
    const name = Object.assign(document.createElement("span"), { textContent: file.name, dir: "auto" });
    line.append(name, bar, cancel);
    const one = { file, line, bar, cancelled: false, request: null };
    cancel.addEventListener("click", () => { one.cancelled = true; one.request?.abort(); line.remove(); });
    element.querySelector(".sending").append(line);
    waiting.push(one);
  }
  if (!sending) next();
}

function next() {
  const one = waiting.shift();
  sending = Boolean(one);
  if (!one) {
    if (arrived.length) trigger("received", { names: arrived.map(([name]) => name), paths: arrived.map(([, path]) => path) });
    arrived = [];
    return;
  }
  if (one.cancelled) return next();
  const request = (one.request = new XMLHttpRequest());
  const body = new FormData();
  body.append("files", one.file);
  request.open("POST", "gradio_api/upload");
  request.upload.addEventListener("progress", ({ loaded }) => (one.bar.value = loaded));
  request.addEventListener("load", () => {
    try {
      if (request.status !== 200) throw new Error(request.status);
      arrived.push([one.file.name, JSON.parse(request.responseText)[0]]);
      one.line.remove();
    } catch {
      fail(one, request.status === 413 ? "too large" : "could not be sent");
    }
  });
  request.addEventListener("error", () => fail(one, "could not be sent"));
  request.addEventListener("loadend", next);
  request.send(body);
}

function fail({ line, file }, why) {
  const hide = Object.assign(document.createElement("button"), { type: "button", textContent: "Hide" });
  hide.addEventListener("click", () => line.remove());
  const said = Object.assign(document.createElement("span"), { textContent: `${file.name}: ${why}.`, dir: "auto" });
  line.replaceChildren(said, hide);
  line.classList.add("problem");
}
