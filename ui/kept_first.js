(_, chat) => {
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const all = Object.keys(localStorage).filter((key) => key.startsWith("footnote:")).map(read).filter(Boolean);
  const here = all.find(({ id }) => id === location.hash.slice(1));
  const kept = JSON.stringify(all.map(({ id, title, changed, asked }) => ({ id, title, changed, asked })));
  return [JSON.stringify({ kept, id: here?.id ?? "", exchanges: here?.exchanges ?? "" }), chat];
}
