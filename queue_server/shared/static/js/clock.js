// Shows the server's time in the office's time zone; the clock of this machine may be wrong.
const { timezone, serverTime } = document.body.dataset
let difference = 0

export function setServerTime(text) {
  const told = Date.parse(text)
  if (!Number.isNaN(told)) difference = told - Date.now()
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
