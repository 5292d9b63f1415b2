// From the number to the next person: follows the printing, counts down, goes home.
import { post } from "/static/js/post.js"

const PRINTING_AFTER_MS = 3000
const KEEP_AFTER_MS = 6000
const STAY_MS = { printed: 8000, keep: 45_000 }
const TICK_MS = 250

// What the paper's state and the time since the tap mean for the screen (printing.md 5.4).
export function phaseOf(slip, age) {
  if (slip === "printed") return "printed"
  if (["not_printed", "unknown", "none"].includes(slip) || age >= KEEP_AFTER_MS) return "keep"
  return age >= PRINTING_AFTER_MS ? "printing" : "number"
}

export class Visit {
  ticket = null
  #phase = null
  #stage
  #office
  #goHome

  constructor(stage, office, goHome) {
    this.#stage = stage
    this.#office = office
    this.#goHome = goHome
    setInterval(() => this.ticket && this.#tick(), TICK_MS)
  }

  begin(ticket, slip) {
    Object.assign(this, { ticket, slip, beganAt: performance.now(), endsAt: Infinity, hasReprinted: false })
    const { service_name: names, service } = ticket
    this.#stage.part("number").querySelector("[data-qr]").src = ticket.qr
    this.#enter("number")
    this.#stage.show("number", { number: ticket.number, service: names[this.#stage.language] ?? Object.values(names)[0] ?? service })
    this.#tick()
  }

  hear(slip) {
    if (!this.ticket || slip === this.slip) return
    this.slip = slip
    this.#tick()
  }

  // Once, and as a paper of its own that says "reprint"; the number stays the same.
  async reprint() {
    if (this.hasReprinted) return
    this.hasReprinted = true
    const asked = this.ticket
    Object.assign(this, { slip: "queued", beganAt: performance.now(), endsAt: Infinity })
    this.#tick()
    const { status } = await post(`/api/v1/tickets/${asked.id}/reprint`)
    if (status !== 200 && this.ticket === asked) this.hear("not_printed")
  }

  // A tap anywhere gives more time.
  prolong() {
    if (this.ticket) this.endsAt = performance.now() + (STAY_MS[this.#phase] ?? Infinity)
  }

  end() {
    this.ticket = null
  }

  #tick() {
    const phase = phaseOf(this.slip, performance.now() - this.beganAt)
    if (phase !== this.#phase) this.#enter(phase)
    const left = this.endsAt - performance.now()
    if (left <= 0) this.#goHome()
    else if (left < Infinity) this.#stage.show("number", { seconds: Math.ceil(left / 1000) })
  }

  #mayReprint() {
    return !this.hasReprinted && ["not_printed", "unknown"].includes(this.slip) && this.#office.prints
  }

  #enter(phase) {
    this.#phase = phase
    const screen = this.#stage.part("number")
    screen.dataset.phase = phase
    for (const spot of screen.querySelectorAll("[data-for]")) spot.hidden = !spot.dataset.for.split(" ").includes(phase)
    const inDoubt = phase === "keep" && this.slip === "unknown"
    screen.querySelector("[data-when-in-doubt]").hidden = !inDoubt
    screen.querySelector("[data-reprint]").hidden = !(phase === "keep" && this.#mayReprint())
    this.prolong()
  }
}
