// A client in words, as the clerk needs them.
import { formatInstant, serverNow } from "/static/js/clock.js"
import { phrase, word } from "/static/js/fill.js"
import { stopwatch } from "./durations.js"
import { counterKey } from "./steps.js"

const language = document.documentElement.lang
const { homeLanguage } = document.querySelector("[data-home-language]").dataset
const labels = new Map()
const languages = new Intl.DisplayNames(language, { type: "language" })

// The signs of the other counters, for those who are kept for one of them.
export function learnLabels(others) {
  for (const other of others) labels.set(other.key, other.counter_label)
}

// { de: "…", en: "…" } in this page's language.
export function inWords(names, otherwise = "") {
  return names?.[language] ?? Object.values(names ?? {})[0] ?? otherwise
}

export const serviceName = (ticket) => inWords(ticket.service_name, ticket.service)

export function reasonInWords(ticket) {
  const [code, ...rest] = (ticket.reason ?? "").split(":")
  const words = code === "priority" ? inWords(ticket.priority_name, rest[0]) : rest.join(":")
  return phrase(`reason-${code}`, { words })
}

// Short labels: what is special about this client, nothing when nothing is.
export function tags(ticket) {
  const special = [inWords(ticket.priority_name), appointment(ticket), held(ticket)]
  if (isResting(ticket)) special.push(word("tag-rests"))
  if (ticket.language && ticket.language !== homeLanguage) special.push(languages.of(ticket.language))
  return special.filter(Boolean)
}

function appointment({ appointment_at: slot, state, reason }) {
  const isSaid = state !== "waiting" && reason?.startsWith("appointment:")
  if (!slot || isSaid) return ""
  const time = formatInstant(Date.parse(slot), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
  return phrase("tag-appointment", { time })
}

function held({ state, counter, held_for: kept, held_until: until }) {
  if (state === "parked" && counter && counter !== counterKey) return phrase("tag-at", { counter: labels.get(counter) ?? counter })
  if (!kept) return ""
  if (kept === counterKey) return word("tag-held")
  return until && Date.parse(until) < serverNow() ? "" : phrase("tag-held-elsewhere", { counter: labels.get(kept) ?? kept })
}

export function isResting({ rests_until: until }) {
  return Boolean(until) && Date.parse(until) > serverNow()
}

// When this client will be offered: "in 4:30" for one who did not come, nothing for the others.
export function offeredIn(ticket) {
  return isResting(ticket) ? phrase("again-in", { time: stopwatch(Date.parse(ticket.rests_until) - serverNow()) }) : ""
}
