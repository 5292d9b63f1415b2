// Who waits, who is away, and what the other counters do.
import { serverNow } from "/static/js/clock.js"
import { fill, word } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { minutesSince, stopwatch } from "./durations.js"
import { learnLabels, offeredIn, serviceName, tags } from "./facts.js"

const part = (name) => document.querySelector(`[data-${name}]`)
const byId = (ticket) => ticket.id

export function showLists({ next, parked, missed, others, rules }) {
  learnLabels(others)
  showRows(part("next"), next, byId, paintLine)
  showRows(part("parked"), parked, byId, (row, ticket) => paintAway(row, ticket, ticket.parked_at, true))
  showRows(part("missed"), missed, byId, (row, ticket) => paintAway(row, ticket, ticket.ended_at, mayReturn(ticket, rules)))
  showRows(part("others"), others, (other) => other.key, paintOther)
  part("nobody").hidden = next.length > 0
  part("nobody-parked").hidden = parked.length > 0
  part("nobody-missed").hidden = missed.length > 0
}

function paintLine(row, ticket) {
  const later = offeredIn(ticket)
  fill(row, {
    number: ticket.number,
    service: serviceName(ticket),
    note: ticket.note ?? "",
    more: tags(ticket).join(", "),
    waited: later || minutesSince(ticket.issued_at, serverNow()),
  })
  const isEarly = Boolean(ticket.due_at) && Date.parse(ticket.due_at) > serverNow()
  row.toggleAttribute("data-later", Boolean(later) || isEarly)
}

function paintAway(row, ticket, since, mayResume) {
  const time = since ? minutesSince(since, serverNow()) : ""
  fill(row, { number: ticket.number, since: mayResume ? time : word("too-late") })
  row.toggleAttribute("data-noted", Boolean(ticket.note))
  const step = row.querySelector("[data-step]")
  step.dataset.may = mayResume && ticket.may.includes(step.dataset.step) ? "yes" : "no"
}

// A client who was missed may come back for some time; later the server would refuse.
function mayReturn({ ended_at: end }, { return_minutes: limit }) {
  return !end || serverNow() - Date.parse(end) <= limit * 60_000
}

function paintOther(row, other) {
  const since = other.unattended_since ?? other.since
  fill(row, {
    label: other.counter_label,
    number: other.number ?? "",
    state: word(other.unattended_since ? "unattended" : other.ticket_state ?? other.state),
    since: since ? stopwatch(serverNow() - Date.parse(since)) : "",
  })
  row.toggleAttribute("data-unattended", Boolean(other.unattended_since))
}
