// The floor plan shows where the called counters are.
export function showOnPlan(calls) {
  const called = new Set(calls.map((call) => call.counter))
  for (const spot of document.querySelectorAll("[data-plan-counter]")) {
    spot.toggleAttribute("data-called", called.has(spot.dataset.planCounter))
  }
}
