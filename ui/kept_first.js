// The conversation that the address names and the list, for the server, when the page is loaded.

const here = all().find(({ id }) => id === location.hash.slice(1));
return [JSON.stringify({ kept: names(), id: here?.id ?? "", exchanges: here?.exchanges ?? "" }), chat];
