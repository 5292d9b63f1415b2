// Where the server's sentences appear: in the open dialog, else in the page's spot, whose room is
// always kept; or beside what was pressed, where the page is longer than the screen.
const LINGER_MS = 8000
const timers = new WeakMap()

function spot() {
  return document.querySelector("dialog[open] [data-message]") ?? document.querySelector("main [data-message]")
}

export function say(sentence, kind = "info", here = spot()) {
  clearTimeout(timers.get(here))
  here.textContent = sentence
  here.dataset.kind = sentence ? kind : ""
  if (sentence && kind === "info") timers.set(here, setTimeout(() => say("", kind, here), LINGER_MS))
}
