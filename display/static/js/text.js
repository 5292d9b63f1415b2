// The wall as plain text: the same lists, kept up to date. Silent; without this script the page loads itself anew.
import { startClock } from "/static/js/clock.js"
import { fill } from "/static/js/fill.js"
import { watch } from "/static/js/live.js"
import { showRows } from "/static/js/rows.js"
import { historySize, numberSize, reportFits } from "./sizes.js"
import { Trust } from "./trust.js"

const part = (name) => document.querySelector(`[data-${name}]`)
const SMALLEST_PX = 24
const isOnTheWall = "afar" in part("screen").dataset // else somebody reads it on a desk; it never speaks
const trust = new Trust()

function show(picture) {
  trust.renew()
  showRows(part("calls"), picture.calls, (call) => call.ticket_id, paint)
  part("calls").hidden = false
  part("empty").hidden = picture.calls.length > 0
  if (part("recent")) showRows(part("recent"), picture.recent, (call) => call.ticket_id, paint)
  if (part("recent-part")) part("recent-part").hidden = picture.recent.length === 0
  fill(document.body, { waiting: picture.waiting })
  enlarge()
  reportFits()
}

function paint(row, call) {
  const words = document.querySelector(`template[data-direction="${call.direction}"]`)?.dataset.words
  fill(row, { ...call, way: [words, call.zone?.name].filter(Boolean).join(" · ") })
}

// Only on a wall, which nobody scrolls: whoever reads it on a desk chooses the size.
function enlarge() {
  const { style } = part("screen")
  if (!isOnTheWall) return
  for (let number = numberSize(); number > SMALLEST_PX; number *= 0.94) {
    style.setProperty("--number", `${number.toFixed(1)}px`)
    style.setProperty("--history", `${Math.min(historySize(), number * 0.6).toFixed(1)}px`)
    if (document.documentElement.scrollHeight <= innerHeight) return
  }
}

startClock()
addEventListener("resize", enlarge)
const link = watch(document.body.dataset.audience, {
  show,
  stale: () => trust.lose(),
  fresh: () => trust.renew(),
  joined: () => link.tell("report", { sound: "off", fits: isOnTheWall ? document.body.dataset.fits === "yes" : null }),
})
