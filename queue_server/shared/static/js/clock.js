// Shows the server's time in the office's time zone; the clock of this machine may be wrong.
const { timezone, serverTime } = document.body.dataset
// A message that was held up (a page that slept, a slow network) tells an old time. So the largest
// difference of the last half minute counts: that of the message that was quickest.
const MEMORY_MS = 30_000
let told = []
let difference = 0

export function setServerTime(text) {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) return
  const now = performance.now()
  told = told.filter(({ at }) => now - at < MEMORY_MS)
  told.push({ at: now, difference: instant - Date.now() })
  difference = Math.max(...told.map((one) => one.difference))
}

// Milliseconds by which this machine's clock is behind the server's.
export function clockDifference() {
  return difference
}

export function serverNow() {
  return Date.now() + difference
}

export function formatInstant(instant, options, language = document.documentElement.lang) {
  return new Intl.DateTimeFormat(language, { timeZone: timezone, ...options }).format(instant)
}

const LOOKS = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  date: { weekday: "long", day: "numeric", month: "long" },
}

function showClocks() {
  for (const spot of document.querySelectorAll("[data-clock]")) {
    const text = formatInstant(serverNow(), LOOKS[spot.dataset.clock])
    if (spot.textContent !== text) spot.textContent = text
  }
}

export function startClock() {
  showClocks()
  setInterval(showClocks, 1000)
}

setServerTime(serverTime)
