// Which steps are possible now. About a client the server says it; the rest follows from an empty place.
import { serverNow } from "/static/js/clock.js"

export function possible({ ticket, counter, rules, undo }) {
  const steps = new Set((ticket?.may ?? []).filter((verb) => verb !== "undo"))
  if (!ticket || (rules.when_busy === "finish" && ticket.state === "serving")) steps.add("call-next")
  if (!ticket) steps.add("serve")
  steps.add("pause")
  if (counter.state !== "closed" && !ticket) steps.add("close")
  if (undoLeft(undo) > 0) steps.add("undo")
  return steps
}

// Seconds until the last step can no longer be undone.
export function undoLeft(undo) {
  return undo ? Math.max(0, Math.ceil((Date.parse(undo.until) - serverNow()) / 1000)) : 0
}
