// The sign at one counter: whom it calls, else whom it serves, else whether it is in use.
import { fill } from "/static/js/fill.js"
import { isFresh } from "./fresh.js"
import { lettersReady, widthOf } from "./letters.js"
import { part, showClosed, startScreen } from "./screen.js"
import { reportFits } from "./sizes.js"

const HEIGHT = { called: 0.72, serving: 0.44 } // of the place
const WIDTH = { called: 0.92, serving: 0.6 }
let call = null
let state = ""

function show(picture) {
  call = picture.calls[0] ?? null
  const isClosed = picture.closed && !call && !picture.serving && picture.waiting === 0
  state = isClosed ? "closed" : stateOf(picture)
  fill(part("place"), { number: call?.number ?? "", serving: picture.serving ?? "" })
  showClosed(picture, isClosed)
  refresh()
}

function stateOf({ serving, counter_state: counter }) {
  if (call) return "called"
  if (serving) return "serving"
  return counter === "open" || counter === "paused" ? counter : "off"
}

function refresh() {
  if (!state || !part("broken").hidden) return
  for (const spot of document.querySelectorAll("[data-sign]")) spot.hidden = spot.dataset.sign !== state
  part("sign=called").toggleAttribute("data-fresh", Boolean(call) && isFresh(call))
  if (HEIGHT[state]) enlarge(part(`sign=${state}`))
  reportFits()
}

function enlarge(card) {
  const { width, height } = part("place").getBoundingClientRect()
  const number = card.querySelector("b").textContent
  const words = card.querySelector(".sign__words").textContent
  const size = Math.min(height * HEIGHT[state], (width * WIDTH[state]) / widthOf(number))
  card.style.setProperty("--number", `${size.toFixed(1)}px`)
  card.style.setProperty("--words", `${Math.min(size * 0.5, height * 0.16, (width * 0.85) / widthOf(words)).toFixed(1)}px`)
}

startScreen({ show, refresh, resize: refresh })
lettersReady().then(refresh)
