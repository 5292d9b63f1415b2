// Which calls are prominent. Counted on the server's clock from the time of the call, so that a reload changes nothing.
import { serverNow } from "/static/js/clock.js"

const PROMINENT_MS = 10_000
const announced = new Map() // ticket → when it was rung; only those of the last seconds

export function markAnnounced(ticket) {
  for (const [key, at] of announced) if (!isNew(at)) announced.delete(key)
  announced.set(String(ticket), serverNow())
}

const isNew = (at) => serverNow() - at < PROMINENT_MS

export function isFresh(call) {
  return isNew(Date.parse(call.called_at)) || isNew(announced.get(String(call.ticket_id)) ?? -Infinity)
}

// All that are fresh, else the newest: calls come newest first.
export function prominent(calls) {
  const fresh = calls.filter(isFresh)
  return fresh.length ? fresh : calls.slice(0, 1)
}
