// The floor plan shows where the called counters are, and where one was called just now.
import { isFresh } from "./fresh.js"

const spotOf = (call) => document.querySelector(`[data-plan-counter="${CSS.escape(call.counter)}"]`)

// Whether the plan helps somebody who was called just now.
export const showsWay = (calls) => calls.some((call) => isFresh(call) && spotOf(call))

export function showOnPlan(calls) {
  const called = new Set(calls.map((call) => call.counter))
  const fresh = new Set(calls.filter(isFresh).map((call) => call.counter))
  for (const spot of document.querySelectorAll("[data-plan-counter]")) {
    spot.toggleAttribute("data-called", called.has(spot.dataset.planCounter))
    spot.toggleAttribute("data-fresh", fresh.has(spot.dataset.planCounter))
  }
}
