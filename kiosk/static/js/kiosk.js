// The kiosk: one tap on a concern gives one ticket, then the screen is ready for the next person.
import { startClock } from "/static/js/clock.js"
import { watch } from "/static/js/live.js"
import { startIdle } from "./idle.js"
import { Office } from "./office.js"
import { Stage } from "./stage.js"
import { Visit } from "./visit.js"
import { Wish } from "./wish.js"

const PATIENCE_MS = 500
const stage = new Stage()
const office = new Office(stage)
const wish = new Wish(document.body.dataset.audience.split(":")[1])
const visit = new Visit(stage, office, goHome)
let busy = false

function goHome() {
  visit.end()
  wish.forget()
  stage.speak(stage.home)
  office.open()
}

async function take(service) {
  if (busy) return
  busy = true
  const hint = setTimeout(() => stage.show("waiting"), PATIENCE_MS)
  const { status, body } = await wish.send(service, stage.language)
  clearTimeout(hint)
  busy = false
  if (status === 200 || status === 201) visit.begin(body, office.slipOf(body))
  else stage.showError(body.message, status === 0 || status >= 500)
}

function press(button) {
  const { service, tongue } = button.dataset
  if (service) take(service)
  else if (tongue) office.speak(tongue)
  else if ("again" in button.dataset) take(wish.service)
  else if ("reprint" in button.dataset) visit.reprint()
  else if ("back" in button.dataset) goHome()
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button")
  if (button && !button.disabled) press(button)
  else visit.prolong()
})
document.addEventListener("contextmenu", (event) => event.preventDefault())
startClock()
startIdle(() => { if (!busy && !visit.ticket) goHome() })
watch(document.body.dataset.audience, {
  show: (picture) => { office.show(picture); visit.hear(office.slipOf(visit.ticket)) },
  stale: () => office.setReachable(false),
  fresh: () => office.setReachable(true),
})
