// Everything that can be done with somebody who waits or is away.
import { serverNow } from "/static/js/clock.js"
import { fill, phrase } from "/static/js/fill.js"
import { showNote } from "./client.js"
import { Dialog } from "./dialog.js"
import { minutesSince } from "./durations.js"
import { serviceName, tags } from "./facts.js"
import { say } from "./message.js"
import { callPicked, counterKey, ticketStep } from "./steps.js"

// The step stands on the counter's own list, or belongs to a colleague's client.
const isElsewhere = ({ state, counter }) => state === "parked" && counter !== null && counter !== counterKey
const OWN_ONLY = ["transfer", "withdraw"]

export class TicketDialog {
  #dialog = new Dialog("ticket")
  #actions
  #transfer
  #ticket

  constructor(actions, transfer) {
    this.#actions = actions
    this.#transfer = transfer
    this.#dialog.box.addEventListener("click", ({ target }) => this.#press(target.closest("button[data-step]")))
    this.#own.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#call(this.#own.querySelector("[data-own]"), this.#own.elements.reason.value.trim())
    })
  }

  get #own() {
    return this.#dialog.box.querySelector("[data-own-reason]")
  }

  open(ticket, picture) {
    this.#ticket = ticket
    this.#paint(picture)
    this.#dialog.open()
  }

  // Somebody else may call or cancel this client meanwhile.
  show(picture) {
    if (!this.#dialog.isOpen) return
    const now = find(picture, this.#ticket.id)
    if (now) {
      this.#ticket = now
      this.#paint(picture)
    } else {
      this.#dialog.close()
      say(phrase("moved-on", this.#ticket), "trouble")
    }
  }

  #paint({ ticket: client }) {
    const { box } = this.#dialog
    const ticket = this.#ticket
    const waits = phrase(ticket.state === "waiting" ? "waits" : "came", { time: minutesSince(ticket.issued_at, serverNow()) })
    fill(box, { number: ticket.number, service: serviceName(ticket), facts: [waits, ...tags(ticket)].join(", ") })
    showNote(box, ticket)
    for (const button of box.querySelectorAll("[data-for-state]")) button.hidden = button.dataset.forState !== ticket.state
    for (const button of box.querySelectorAll("button[data-step]")) this.#allow(button, client)
    box.querySelector("[data-call-not]").hidden = !client
    this.#actions.refresh()
  }

  #allow(button, client) {
    const { step } = button.dataset
    const isOurs = !OWN_ONLY.includes(step) || !isElsewhere(this.#ticket)
    const may = this.#ticket.may.includes(step) && isOurs
    button.dataset.may = may && !(step === "call" && client) ? "yes" : "no"
    if (step !== "call") button.hidden = !may
  }

  #press(button) {
    if (!button || button.type === "submit") return
    const { step } = button.dataset
    if (step === "call") return this.#call(button, button.value)
    if (step !== "transfer") return this.#run(button, step, () => ticketStep(this.#ticket.id, step))
    this.#dialog.close()
    this.#transfer.open(this.#ticket)
  }

  #call(button, reason) {
    if (reason) this.#run(button, "call", () => callPicked(this.#ticket.id, reason))
  }

  #run(button, verb, send) {
    this.#actions.run(button, verb, send, this.#dialog.close)
  }
}

export function find({ next, parked, missed }, id) {
  return [...next, ...parked, ...missed].find((ticket) => String(ticket.id) === String(id))
}
