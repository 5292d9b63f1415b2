// The floor plan shows where the called counters are, and where one was called just now.
import { isFresh } from "./fresh.js"
import { historySize } from "./sizes.js"

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

// Where its letters would be too small to be read, the plan keeps to what helps: walls, "you are here", who is called.
export function thinOut(plan) {
  const scale = plan?.getScreenCTM()?.a
  if (scale) plan.toggleAttribute("data-sparse", plan.getAttribute("font-size") * scale < historySize())
}
