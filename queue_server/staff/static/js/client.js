// The client at this counter: number, running time, why, and the note.
import { serverNow } from "/static/js/clock.js"
import { fill, phrase, word } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { minutes, minutesSince, stopwatch } from "./durations.js"
import { reasonInWords, serviceName, tags } from "./facts.js"

const NOBODY = { number: "–", attempt: "", running: "–", hint: "", service: "", reason: "" }
const client = document.querySelector("[data-client]")

export function showClient({ ticket, rules }) {
  const state = ticket?.state ?? "none"
  const time = ticket ? runningTime(ticket, rules) : { mood: "calm" }
  client.dataset.state = state
  client.dataset.time = time.mood
  document.body.dataset.suggested = time.suggested ?? ""
  for (const spot of client.querySelectorAll("[data-for]")) spot.hidden = spot.dataset.for !== state
  client.style.setProperty("--digits", Math.max(4, ticket?.number.length ?? 0))
  fill(client, ticket ? { ...facts(ticket), ...time } : NOBODY)
  showRows(client.querySelector("[data-tags]"), ticket ? tags(ticket) : [], (tag) => tag, (row, tag) => { row.textContent = tag })
  showNote(client, ticket)
}

export function showNote(place, ticket) {
  const note = place.querySelector("[data-note]")
  note.hidden = !ticket?.note
  if (ticket?.note) fill(note, { note: ticket.note })
}

function facts(ticket) {
  const waited = ticket.called_at && ticket.issued_at !== ticket.called_at
  const parts = [reasonInWords(ticket), waited && phrase("has-waited", { time: minutesSince(ticket.issued_at, Date.parse(ticket.called_at)) })]
  return {
    number: ticket.number,
    attempt: ticket.attempt > 1 ? phrase("attempt", { count: ticket.attempt }) : "",
    service: serviceName(ticket),
    reason: parts.filter(Boolean).join(", "),
  }
}

function runningTime(ticket, rules) {
  return ticket.state === "serving" ? service(ticket, rules) : way(ticket, rules)
}

function service(ticket, { long_service_minutes: limit }) {
  const length = ticket.served_before_seconds * 1000 + serverNow() - Date.parse(ticket.started_at)
  const isLong = length >= limit * 60_000
  return { running: stopwatch(length), mood: isLong ? "long" : "calm", hint: isLong ? phrase("long", { time: minutes(limit) }) : "" }
}

// After the call: how long a client may take, and what to do when nobody has come.
function way(ticket, { answer_seconds: patience }) {
  const length = serverNow() - Date.parse(ticket.called_at)
  const left = patience * 1000 - length
  if (left > 0) return { running: stopwatch(length), mood: "calm", hint: phrase("wait-on", { time: stopwatch(left + 999) }) }
  return { running: stopwatch(length), mood: "over", hint: word("did-not-come"), suggested: "miss" }
}
