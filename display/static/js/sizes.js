// What size letters must have on this screen, from its real size and the farthest seat, and whether they have it.
import { LONG_NAME } from "./card.js"

const CAPITAL = 0.714 // Noto Sans: height of a capital letter / font size
const CALLED = "[data-calls] [data-fill=number], [data-sign=called] [data-fill=number]"
const NAMES = "[data-calls] > :not([data-long]) [data-fill=counter_label]"
const LONG_NAMES = ":is([data-calls], [data-recent]) > [data-long] [data-fill=counter_label]"
const HISTORY = "[data-recent] [data-fill=number], [data-recent] > :not([data-long]) [data-fill=counter_label]"
const NEAR_ENOUGH = 0.995 // a pixel is not divided

const { numberCm, historyCm, diagonalCm } = document.querySelector("[data-screen]").dataset

const pixelsPerCm = () => Math.hypot(innerWidth, innerHeight) / diagonalCm
const asFontSize = (capitalCm) => (capitalCm * pixelsPerCm()) / CAPITAL

// Font sizes in px: of a call's number (0.7°), and of what is read in passing (distance / 155).
export const numberSize = () => asFontSize(numberCm)
export const historySize = () => asFontSize(historyCm)

export const shortSide = () => Math.min(innerWidth, innerHeight)

// Whether everything of that kind which is shown is large enough.
export function isLargeEnough(selector, needed) {
  const shown = [...document.querySelectorAll(selector)].filter((spot) => spot.getClientRects().length > 0)
  return shown.every((spot) => parseFloat(getComputedStyle(spot).fontSize) >= needed * NEAR_ENOUGH)
}

export function reportFits() {
  // The counter is as needed as the number (EN 301 549, 5.1.4); a name has at least the size of the history.
  const small = isLargeEnough(`${NAMES}, ${HISTORY}`, historySize()) && isLargeEnough(LONG_NAMES, historySize() * LONG_NAME)
  const fits = isLargeEnough(CALLED, numberSize()) && small
  document.body.dataset.fits = fits ? "yes" : "no"
  const note = document.querySelector("[data-fits-note]")
  if (note) note.hidden = fits
}
