// Two dialogs in which one tap chooses: where a client is sent on to, and what one without a ticket wants.
import { fill, word } from "/static/js/fill.js"
import { showRows } from "/static/js/rows.js"
import { Dialog } from "./dialog.js"
import { inWords } from "./facts.js"
import { serve, ticketStep } from "./steps.js"

const byKey = (one) => one.key

class ChoiceDialog {
  constructor(name, actions) {
    this.dialog = new Dialog(name)
    this.actions = actions
    this.part = (what) => this.dialog.box.querySelector(`[data-${what}]`)
    this.dialog.box.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-choice]")
      if (button) this.choose(button, button.dataset.key, button.parentElement)
    })
  }

  showServices(services) {
    showRows(this.part("services"), services, byKey, (row, service) => fill(row, { name: inWords(service.name, service.key) }))
  }
}

export class TransferDialog extends ChoiceDialog {
  #ticket

  constructor(actions) {
    super("transfer", actions)
  }

  open(ticket) {
    this.#ticket = ticket
    fill(this.dialog.box, { number: ticket.number })
    this.show(this.picture)
    this.dialog.open()
    this.part("choice")?.focus() // the note is for those who want one; most press Enter or tap at once
  }

  show(picture) {
    this.picture = picture
    if (!this.#ticket) return
    this.showServices(picture.services.filter((service) => service.key !== this.#ticket.service))
    showRows(this.part("counters"), picture.others, byKey, (row, other) =>
      fill(row, { label: other.counter_label, state: other.state === "open" ? "" : word(other.state) }))
  }

  choose(button, key, list) {
    const target = list === this.part("services") ? { service: key } : { counter: key }
    const note = this.part("note-field").value.trim()
    const send = () => ticketStep(this.#ticket.id, "transfer", { ...target, ...(note && { note }) })
    this.actions.run(button, "transfer", send, this.dialog.close)
  }
}

export class ServeDialog extends ChoiceDialog {
  constructor(actions) {
    super("serve", actions)
  }

  // With one concern there is nothing to choose.
  open(button) {
    const mine = this.picture.services.filter((service) => service.mine)
    if (mine.length === 1) this.choose(button, mine[0].key)
    else this.dialog.open()
  }

  show(picture) {
    this.picture = picture
    this.showServices(picture.services.filter((service) => service.mine))
  }

  choose(button, key) {
    this.actions.run(button, "serve", () => serve(key), this.dialog.close)
  }
}
