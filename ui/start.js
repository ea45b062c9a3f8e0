// The questions offered before the first one.

const EVENTS = ["ask"];
