// Whether this window works at the counter, and how it takes the work over from another one.
import { windowId } from "/static/js/window_id.js"
import { counterStep } from "./steps.js"

const button = document.querySelector("[data-take-over]")

export const isTaken = ({ counter }) => Boolean(counter.window) && counter.window !== windowId

export function showBand(why) {
  for (const band of document.querySelectorAll("[data-band]")) band.hidden = band.dataset.band !== why
}

// A pop-out that the clerk opened works at once: "#take" in its address, which a reload must not repeat.
export function startPlace(actions) {
  const takeOver = () => actions.run(button, "take-over", () => counterStep("take-over"))
  button.addEventListener("click", takeOver)
  const obey = () => {
    if (location.hash !== "#take") return
    history.replaceState(null, "", location.pathname + location.search)
    takeOver()
  }
  addEventListener("hashchange", obey)
  obey()
  return takeOver
}
