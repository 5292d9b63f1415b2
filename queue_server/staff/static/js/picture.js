// Puts a counter's picture on the page. Everything is set each time, also what is not there.
import { serverNow } from "/static/js/clock.js"
import { fill, word } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { minutesSince, stopwatch } from "./durations.js"

const language = document.documentElement.lang
const part = (name) => document.querySelector(`[data-${name}]`)
const serviceName = (ticket) => ticket.service_name[language] ?? Object.values(ticket.service_name)[0] ?? ticket.service

export function showCounter(picture) {
  showState(picture.counter.state)
  showClient(picture.ticket)
  fill(part("next").parentElement, { waiting: picture.waiting, waiting_total: picture.waiting_total })
  showLists(picture)
  showTrouble(picture.trouble[0])
}

function showState(state) {
  part("counter-state").dataset.state = state
  if (part("counter-state").textContent !== word(state)) part("counter-state").textContent = word(state)
}

function showClient(ticket) {
  const client = part("client")
  const state = ticket?.state ?? "none"
  client.dataset.state = state
  for (const spot of client.querySelectorAll("[data-for]")) spot.hidden = !spot.dataset.for.split(" ").includes(state)
  fill(client, ticket ? facts(ticket) : { number: "–", service: "", running: "–", attempt: "–", waited: "–" })
}

function facts(ticket) {
  const since = ticket.state === "serving" ? ticket.started_at : ticket.called_at
  return {
    number: ticket.number,
    service: serviceName(ticket),
    running: stopwatch(serverNow() - Date.parse(since)),
    attempt: ticket.attempt,
    waited: minutesSince(ticket.issued_at, Date.parse(ticket.called_at)),
  }
}

function showLists({ next, others, missed }) {
  showRows(part("next"), next, (ticket) => ticket.id, (row, ticket) =>
    fill(row, { number: ticket.number, service: serviceName(ticket), waited: minutesSince(ticket.issued_at, serverNow()) }))
  showRows(part("others"), others, (other) => other.counter, (row, other) =>
    fill(row, { label: other.counter_label, number: other.number ?? "–", state: word(other.ticket_state ?? other.state) }))
  showRows(part("missed"), missed, (ticket) => ticket.id, (row, ticket) => { row.textContent = ticket.number })
  part("nobody").hidden = next.length > 0
}

function showTrouble(trouble) {
  part("trouble").hidden = !trouble
  if (trouble) fill(part("trouble"), { trouble: word(`trouble-${trouble.reason}`) || word("trouble-other") })
}
