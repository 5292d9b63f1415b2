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
import { fitTurn, makeRoom, showMessages, takeTurns } from "./turns.js"

const SHARES = ["all", "recent", "nothing"] // what may stand beside the calls
let calls = []
let shown = "" // what the present picture is for
let order = { of: "", tickets: [], first: 0 }

function show(picture) {
  calls = picture.calls
  const isClosed = picture.closed && picture.waiting === 0
  showMessages(picture.messages)
  showRecent(picture.recent)
  part("calls").hidden = calls.length === 0
  part("waiting").hidden = picture.waiting === 0
  part("empty").hidden = calls.length > 0 || isClosed
  showClosed(picture, calls.length === 0 && isClosed)
  fill(part("waiting"), { waiting: picture.waiting })
  refresh(true)
}

function refresh(isNews = false) {
  if (!part("broken").hidden) return // what is shown may be wrong (SEC-23); the next picture begins anew
  takeTurns(showsWay(calls))
  const first = prominent(calls)
  const wanted = calls.map((call) => `${call.ticket_id}${isFresh(call)}`).join()
  if (!isNews && wanted === shown) return
  shown = wanted
  showOnPlan(calls)
  showRows(part("calls"), inOrder(first), (call) => call.ticket_id, (row, call) => {
    paintCall(row, call)
    row.toggleAttribute("data-prominent", first.includes(call))
    row.toggleAttribute("data-fresh", isFresh(call))
  })
  shareOut()
}

// Order and grid stay while the calls are the same: when a call is no longer new, only its colour changes.
function inOrder(first) {
  const of = calls.map((call) => `${call.ticket_id} ${call.attempt} ${call.called_at}`).join()
  if (of !== order.of) {
    const sorted = [...first, ...calls.filter((call) => !first.includes(call))]
    order = { of, tickets: sorted.map((call) => call.ticket_id), first: first.length }
  }
  return order.tickets.map((ticket) => calls.find((call) => call.ticket_id === ticket))
}

// House messages, and then earlier calls, give way when the present calls need the place to be readable.
function shareOut() {
  document.body.style.setProperty("--history", `${Math.max(historySize(), shortSide() * 0.036).toFixed(2)}px`)
  const cards = [...part("calls").querySelectorAll(":scope > [data-key]")].map(measure)
  const plan = firstReadable(SHARES, (share) => {
    putBeside(share)
    return cards.length ? planFor(cards, order.first) : null
  })
  if (plan) carryOut(plan)
  fitTurn()
  reportFits()
}

function firstReadable(shares, tryOut) {
  let plan = null
  for (const share of shares) {
    plan = tryOut(share)
    if (!plan || plan.readable) break
  }
  return plan
}

function putBeside(share) {
  const side = part("side")
  makeRoom(share === "all")
  showRecent()
  side.hidden = share === "nothing" || side.querySelectorAll(":scope > :not([hidden])").length === 0
  if (!side.hidden) showRecent() // only now it can be measured
}

function planFor(cards, count) {
  const { width, height } = part("place").getBoundingClientRect()
  const need = { number: numberSize(), name: historySize() }
  return arrange(cards, count, { width, height, unit: shortSide() / 100 }, need)
}

function carryOut({ rows, groups, ...lengths }) {
  part("calls").style.gridTemplateRows = rows
  for (const key of ["gap", "pad", "bar"]) part("calls").style.setProperty(`--${key}`, `${lengths[key].toFixed(2)}px`)
  groups.forEach(size)
}

startScreen({ show, refresh, resize: () => refresh(true) })
lettersReady().then(() => refresh(true))
