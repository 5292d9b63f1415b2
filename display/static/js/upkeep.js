// What keeps a screen well for years: it never burns in, and begins each day with a new page.
import { formatInstant, serverNow } from "/static/js/clock.js"
import { reloadGently } from "/static/js/reload.js"

const HOUR_MS = 3_600_000
const SHIFTS = [[0, 0], [3, 0], [3, 3], [0, 3]] // px; each step moves 3
const NIGHTLY = 3 * 60 + 30 // minutes after midnight in the office
const SPREAD = 30
const PATIENCE = 60 // minutes to wait for a moment without a call
const minute = NIGHTLY + Math.floor(Math.random() * SPREAD) // not all walls at once

export function shiftPicture() {
  const [across, down] = SHIFTS[Math.floor(serverNow() / HOUR_MS) % SHIFTS.length]
  const shift = `${across}px ${down}px`
  const picture = document.querySelector("[data-screen]")
  if (picture.style.translate !== shift) picture.style.translate = shift
}

export function reloadAtNight(isCalling, opened = performance.now()) {
  const isTime = minutesOfDay() >= minute && minutesOfDay() < minute + PATIENCE
  // Twice in one night would be once too often: the page must be older than the time it may wait.
  if (isTime && !isCalling && opened > 2 * HOUR_MS) reloadGently()
}

function minutesOfDay() {
  const [hours, minutes] = formatInstant(serverNow(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB").split(":")
  return 60 * Number(hours) + Number(minutes)
}
