// The one place where the server's sentences appear; its room is always kept free.
const spot = document.querySelector("[data-message]")
const LINGER_MS = 8000
let timer

export function say(sentence, kind = "info") {
  clearTimeout(timer)
  spot.textContent = sentence
  spot.dataset.kind = sentence ? kind : ""
  if (sentence && kind === "info") timer = setTimeout(() => say(""), LINGER_MS)
}
