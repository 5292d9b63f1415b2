// A wall display: shows the calls, rings for new ones, and says so when it cannot be trusted.
import { startClock } from "/static/js/clock.js"
import { fill } from "/static/js/fill.js"
import { watch } from "/static/js/live.js"
import { showRows } from "/static/js/rows.js"
import { Bell } from "./bell.js"
import { arrange, paintCall } from "./calls.js"
import { Trust } from "./trust.js"

const part = (name) => document.querySelector(`[data-${name}]`)
const trust = new Trust()
const bell = new Bell()

function show(picture) {
  trust.renew()
  bell.mayRing = picture.audio_leader !== false
  showRows(part("calls"), picture.calls, (call) => call.ticket_id, (row, call) => paintCall(row, call, bell))
  arrange(part("calls"), picture.calls.length)
  showRows(part("recent"), picture.recent, (call) => call.ticket_id, fill)
  part("side").hidden = picture.recent.length === 0
  part("empty").hidden = picture.calls.length > 0
  fill(part("waiting"), { waiting: picture.waiting })
}

function announce(call) {
  bell.ring(call)
  const row = part("calls").querySelector(`[data-key="${call.ticket_id}"]`)
  if (row) paintCall(row, call, bell) // a client who is called again is on the wall already
}

part("calls").style.setProperty("--number-size", `${part("number-size").dataset.numberSize}vmin`)
document.addEventListener("contextmenu", (event) => event.preventDefault())
startClock()
watch(document.body.dataset.audience, {
  show,
  announce,
  stale: () => trust.lose(),
  fresh: () => trust.renew(),
})
