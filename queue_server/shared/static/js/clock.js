// Shows the server's time in the office's time zone; the clock of this machine may be wrong.
const { timezone, serverTime } = document.body.dataset
// A message that was held up (a page that slept, a slow network) tells an old time. So the largest
// difference of the last half minute counts: that of the message that was quickest.
const MEMORY_MS = 30_000
const STEP_MS = 1000
let told = []
let earlier = null // a message that told of a much earlier time than all others
let difference = 0 // between the server's time and performance.now(), which no one can set

export function setServerTime(text) {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) return
  const now = performance.now()
  const heard = { at: now, difference: instant - now }
  told = wasSetBack(heard) ? [heard] : [...told.filter(({ at }) => now - at < MEMORY_MS), heard]
  difference = Math.max(...told.map((one) => one.difference))
}

// Two messages, some time apart, that agree on an earlier time: the server's clock was set back. Messages that
// were held up come in one burst instead.
function wasSetBack(heard) {
  const isEarlier = told.length > 0 && heard.difference < difference - STEP_MS
  const agrees = earlier && heard.at - earlier.at > STEP_MS && Math.abs(heard.difference - earlier.difference) < STEP_MS
  if (!isEarlier || !earlier || agrees) earlier = isEarlier && !agrees ? heard : null
  return Boolean(isEarlier && agrees)
}

// Milliseconds by which this machine's clock is behind the server's.
export function clockDifference() {
  return serverNow() - Date.now()
}

export function serverNow() {
  return performance.now() + difference
}

export function formatInstant(instant, options, language = document.documentElement.lang) {
  // Where English is read in Germany, the day stands before the month.
  const locale = language === "en" ? "en-GB" : language
  return new Intl.DateTimeFormat(locale, { timeZone: timezone, ...options }).format(instant)
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
