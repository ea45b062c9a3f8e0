// Light or dark: as the system has it, until somebody chooses.

const EVENTS = [];
const dark = document.body.classList;
const chosen = localStorage.getItem("footnote-look");
if (chosen) dark.toggle("dark", chosen === "dark");
own.look = () => {
  dark.toggle("dark");
  localStorage.setItem("footnote-look", dark.contains("dark") ? "dark" : "light");
};
