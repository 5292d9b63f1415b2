// Rings for announced calls, one after the other, and remembers which calls are fresh.
import { Gong } from "/static/js/gong.js"

const FRESH_MS = 5000

export class Bell {
  mayRing = true
  #fresh = new Map()
  #gong = new Gong((state) => this.#showState(state))

  constructor() {
    document.body.dataset.gongs = 0
  }

  async ring({ ticket_id: ticket }) {
    this.#highlight(ticket)
    if (!this.mayRing) return
    const { dataset } = document.body
    if (await this.#gong.ring()) dataset.gongs = Number(dataset.gongs) + 1
  }

  isFresh(ticket) {
    return this.#fresh.has(String(ticket))
  }

  #highlight(ticket) {
    const key = String(ticket)
    clearTimeout(this.#fresh.get(key))
    this.#fresh.set(key, setTimeout(() => this.#settle(key), FRESH_MS))
  }

  #settle(key) {
    this.#fresh.delete(key)
    document.querySelector(`[data-calls] [data-key="${key}"]`)?.removeAttribute("data-fresh")
  }

  #showState(state) {
    document.body.dataset.soundState = state
    document.querySelector("[data-sound]").hidden = state === "running"
  }
}
