// The same page as a small window beside other programs. It takes the counter over; when it is closed,
// the clerk goes on here.
import { word } from "/static/js/fill.js"
import { say } from "./message.js"
import { counterKey } from "./steps.js"

const SIZE = "popup,width=420,height=760"
const LOOK_MS = 500

export function startPopOut(takeOver) {
  document.querySelector("[data-pop-out]")?.addEventListener("click", () => {
    const address = new URL(location)
    address.searchParams.set("popout", "1")
    address.hash = "take"
    const small = open(address, `counter-${counterKey}`, SIZE)
    if (small) goOnAfter(small, takeOver)
    else say(word("popup-blocked"), "trouble")
  })
}

let timer

function goOnAfter(small, takeOver) {
  small.focus()
  clearInterval(timer)
  timer = setInterval(() => {
    if (!small.closed) return
    clearInterval(timer)
    takeOver()
  }, LOOK_MS)
}
