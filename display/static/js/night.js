// Sleep: a black screen whose small clock moves each minute. The server says when.
import { serverNow } from "/static/js/clock.js"

const night = document.querySelector("[data-night]")
const MINUTE_MS = 60_000

export function showNight(isNight) {
  night.hidden = !isNight
  moveClock()
}

// Steps that share no divisor with 80 visit every spot before one comes again.
export function moveClock() {
  const minute = Math.floor(serverNow() / MINUTE_MS)
  const spots = { "--night-block": 8 + ((minute * 37) % 80), "--night-inline": 8 + ((minute * 29) % 72) }
  for (const [name, spot] of Object.entries(spots)) {
    if (night.style.getPropertyValue(name) !== `${spot}%`) night.style.setProperty(name, `${spot}%`)
  }
}
