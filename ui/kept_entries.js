// What this browser keeps, one entry for each conversation. Goes before the scripts that read it.

const PREFIX = "footnote:";
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const all = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map(read).filter(Boolean);
const names = () => JSON.stringify(all().map(({ id, title, changed, asked }) => ({ id, title, changed, asked })));
