// A wall display: the calls, who was called before, and what stands beside them.
import { fill } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { arrange } from "./arrange.js"
import { measure, paintCall, size } from "./calls.js"
import { isFresh, prominent } from "./fresh.js"
import { lettersReady } from "./letters.js"
import { showOnPlan, showsWay } from "./plan.js"
import { historySize, numberSize, reportFits, shortSide } from "./sizes.js"
import { part, showClosed, startScreen } from "./screen.js"
import { showRecent } from "./recent.js"
import { fitTurn, showMessages, takeTurns } from "./turns.js"

let calls = []
let shown = "" // what the present arrangement is for

function show(picture) {
  calls = picture.calls
  const isClosed = picture.closed && picture.waiting === 0
  showMessages(picture.messages)
  showRecent(picture.recent)
  part("calls").hidden = calls.length === 0
  part("waiting").hidden = false
  part("empty").hidden = calls.length > 0 || isClosed
  showClosed(picture, calls.length === 0 && isClosed)
  fill(part("waiting"), { waiting: picture.waiting })
  refresh(true)
}

function refresh(isNews = false) {
  const first = prominent(calls)
  const sorted = [...first, ...calls.filter((call) => !first.includes(call))]
  takeTurns(showsWay(calls))
  const wanted = `${first.length} ${sorted.map((call) => `${call.ticket_id}${isFresh(call)}`)}`
  if (!isNews && wanted === shown) return
  shown = wanted
  showOnPlan(calls)
  showRows(part("calls"), sorted, (call) => call.ticket_id, (row, call) => {
    paintCall(row, call)
    row.toggleAttribute("data-prominent", first.includes(call))
    row.toggleAttribute("data-fresh", isFresh(call))
  })
  shareOut(first.length)
}

// Earlier calls and house messages give way when the present calls need the place to be readable.
function shareOut(count) {
  document.body.style.setProperty("--history", `${Math.max(historySize(), shortSide() * 0.036).toFixed(2)}px`)
  const cards = [...part("calls").querySelectorAll(":scope > [data-key]")].map(measure)
  const side = part("side")
  side.hidden = side.querySelectorAll(":scope > :not([hidden])").length === 0
  showRecent()
  let plan = cards.length && planFor(cards, count)
  if (plan && !side.hidden && !plan.readable) {
    side.hidden = true
    plan = planFor(cards, count)
  }
  if (plan) carryOut(plan)
  fitTurn()
  reportFits()
}

function planFor(cards, count) {
  const { width, height } = part("place").getBoundingClientRect()
  const need = { number: numberSize(), name: historySize() }
  return arrange(cards, count, { width, height, unit: shortSide() / 100 }, need)
}

function carryOut({ rows, gap, across, groups }) {
  part("calls").style.gridTemplateRows = rows
  part("calls").style.setProperty("--gap", `${gap.toFixed(2)}px`)
  part("calls").style.setProperty("--across", `${across.toFixed(2)}px`)
  groups.forEach(size)
}

startScreen({ show, refresh, resize: () => refresh(true) })
lettersReady().then(() => refresh(true))
