// A file that the server made goes to where the browser saves its files.

const EVENTS = [];
watch("value", () => {
  if (!props.value) return;
  const { name, kind, text } = JSON.parse(props.value);
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
});
