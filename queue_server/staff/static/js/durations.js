// Lengths of time as people read them.
const format = new Intl.NumberFormat(document.documentElement.lang, {
  style: "unit",
  unit: "minute",
  unitDisplay: "short",
})

export const minutes = (count) => format.format(count)

export function minutesSince(start, now) {
  return minutes(Math.max(0, Math.floor((now - Date.parse(start)) / 60_000)))
}

// 3:07, or 1:02:07 after an hour.
export function stopwatch(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"))
  const hours = Math.floor(seconds / 3600)
  return hours ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "")
}
