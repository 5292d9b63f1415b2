// Which window of the browser this is: a counter is worked at in one window at a time.
// A living page keeps its name in memory only and puts it down when it goes. So a reload finds it
// again, while a duplicated tab or a pop-out, which begin with a copy of the storage, do not.
import { newRequestId } from "./request_id.js"

const PLACE = "window"

function pickUp() {
  const kept = sessionStorage.getItem(PLACE)
  sessionStorage.removeItem(PLACE)
  return kept ?? newRequestId()
}

const isCounter = document.body.dataset.page?.startsWith("counter:")
export const windowId = isCounter ? pickUp() : null

if (windowId) {
  addEventListener("pagehide", () => sessionStorage.setItem(PLACE, windowId))
  addEventListener("pageshow", () => sessionStorage.removeItem(PLACE)) // the browser may bring a page back whole
}
