// Where the server's sentences appear: in the open dialog, else in the page's spot, whose room is always kept.
const LINGER_MS = 8000
let timer

function spot() {
  return document.querySelector("dialog[open] [data-message]") ?? document.querySelector("main [data-message]")
}

export function say(sentence, kind = "info") {
  clearTimeout(timer)
  const here = spot()
  here.textContent = sentence
  here.dataset.kind = sentence ? kind : ""
  if (sentence && kind === "info") timer = setTimeout(() => say(""), LINGER_MS)
}
