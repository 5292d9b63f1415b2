// A clerk's page: shows the counter's picture and sends the clerk's steps.
import { startClock } from "/static/js/clock.js"
import { word } from "/static/js/fill.js"
import { watch } from "/static/js/live.js"
import { Actions } from "./actions.js"
import { Arrivals } from "./arrivals.js"
import { startKeys } from "./keys.js"
import { startMenu } from "./menu.js"
import { say } from "./message.js"
import { showCounter } from "./picture.js"
import { isTaken, showBand, startPlace } from "./place.js"
import { startPopOut } from "./popout.js"
import { possible } from "./possible.js"
import { callNext, counterStep, ticketStep } from "./steps.js"
import { ServeDialog, TransferDialog } from "./target_dialogs.js"
import { TicketDialog, find } from "./ticket_dialog.js"

const actions = new Actions(perform)
const arrivals = new Arrivals()
const serving = new ServeDialog(actions)
const transfer = new TransferDialog(actions)
const details = new TicketDialog(actions, transfer)
let picture
let isLost = true

const STEPS = {
  "call-next": (button) => actions.run(button, "call-next", callNext),
  serve: (button) => serving.open(button),
  transfer: () => transfer.open(picture.ticket),
  pause: (button) => setState(button, picture.counter.state === "open" ? "pause" : "open"),
  close: (button) => setState(button, "close"),
  undo: (button) => actions.run(button, "undo", () => ticketStep(picture.undo.ticket_id, "undo")),
}

function perform(button) {
  const verb = button.dataset.action
  const step = STEPS[verb] ?? (() => actions.run(button, verb, () => ticketStep(picture.ticket.id, verb)))
  step(button)
}

function setState(button, verb) {
  actions.run(button, verb, () => counterStep(verb))
}

function pressInList({ target }) {
  const key = target.closest("li[data-key]")?.dataset.key
  const ticket = key && find(picture, key)
  const step = target.closest("main [data-step]")
  if (ticket && target.closest("[data-look]")) details.open(ticket, picture)
  if (ticket && step) actions.run(step, step.dataset.step, () => ticketStep(ticket.id, step.dataset.step))
}

function show(news) {
  picture = news
  isLost = false
  for (const dialog of [details, transfer, serving]) dialog.show(picture)
  arrivals.watch(picture, !isTaken(picture))
  paint()
  actions.see(picture)
}

function paint() {
  if (!picture) return
  showCounter(picture)
  setBlock()
  actions.allow(possible(picture))
}

function setBlock() {
  const why = isLost ? "lost" : isTaken(picture) ? "taken" : ""
  actions.block(why)
  showBand(why)
}

function lose() {
  isLost = true
  say(word("lost"), "trouble")
  if (picture) setBlock()
}

startClock()
startKeys()
startMenu()
startPopOut(startPlace(actions))
document.querySelector("main").addEventListener("click", pressInList)
setInterval(paint, 1000)
watch(document.body.dataset.audience, {
  show,
  stale: lose,
  fresh: () => { isLost = false; say(""); paint() },
})
