// What stands before the first question: questions that are offered, or the way to add documents where there are none.

const EVENTS = ["ask"];
const added = () => document.querySelector("#adding input[type=file]"); // there once its tab was opened
const bring = () => document.querySelector("#documents-tab-button")?.click();

own.add = async () => {
  bring();
  for (let look = 0; look < 40 && !added(); look += 1) await new Promise((done) => setTimeout(done, 50));
  added()?.click();
};

// Files that are dragged over the conversation bring the tab to the front that takes them.
document.querySelector("#ask-tab").addEventListener("dragover", (drag) => {
  if (!drag.dataTransfer?.types.includes("Files")) return;
  drag.preventDefault();
  bring();
});
