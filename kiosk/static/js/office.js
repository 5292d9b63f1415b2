// What the server says about the office: open or closed, which concerns, which slips are printed.
import { formatInstant } from "/static/js/clock.js"

const QUIET_SCREENS = ["start", "closed", "offline"] // nobody is in the middle of something
const OPENING = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }

export class Office {
  #picture = null
  #reachable = true
  #stage

  constructor(stage) {
    this.#stage = stage
  }

  show(picture) {
    this.#picture = picture
    this.#refresh()
  }

  setReachable(isReachable) {
    this.#reachable = isReachable
    this.#refresh()
  }

  speak(language) {
    this.#stage.speak(language)
    this.#paint()
  }

  // The screen for somebody who has just come.
  open() {
    this.#paint()
    if (!this.#reachable) this.#stage.show("offline")
    else this.#stage.show(this.#picture?.open === false ? "closed" : "start")
  }

  // Whether a printer works here now; false also in an office without paper.
  get prints() {
    return this.#picture?.paper === "yes"
  }

  slipOf(ticket) {
    return ticket && (this.#picture?.slips[ticket.id] ?? ticket.print)
  }

  #refresh() {
    if (QUIET_SCREENS.includes(this.#stage.screen)) this.open()
    else this.#paint()
  }

  #paint() {
    if (!this.#picture) return
    const { services } = this.#picture
    for (const service of services) this.#paintService(service)
    const list = this.#stage.root.querySelector("[data-services]")
    list.dataset.count = services.filter((service) => service.offered).length
    this.#stage.part("start").querySelector("[data-paperless]").hidden = this.#picture.paper !== "broken"
    this.#paintClosed()
  }

  #paintService({ key, offered, available, reason }) {
    const button = this.#stage.root.querySelector(`[data-service="${CSS.escape(key)}"]`)
    if (!button) return
    button.closest("li").hidden = !offered // switched on or off by its dates
    button.disabled = !available
    for (const hint of button.querySelectorAll("[data-when-available]")) hint.hidden = !available
    for (const hint of button.querySelectorAll("[data-why]")) hint.hidden = hint.dataset.why !== reason
  }

  #paintClosed() {
    const { reason, opens_at: opensAt } = this.#picture
    const closed = this.#stage.part("closed")
    for (const words of closed.querySelectorAll("[data-reason]")) words.hidden = words.dataset.reason !== (reason ?? "closed")
    closed.querySelector("[data-opening]").hidden = !opensAt
    const opens = opensAt ? formatInstant(Date.parse(opensAt), OPENING, this.#stage.language) : ""
    closed.querySelector('[data-fill="opens"]').textContent = opens
  }
}
