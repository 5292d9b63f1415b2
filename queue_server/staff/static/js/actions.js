// The buttons: which are allowed now, and one request at a time.
import { say } from "./message.js"

const ALLOWED = {
  none: ["call-next", "pause"],
  called: ["recall", "start", "miss", "pause"],
  serving: ["finish", "pause"],
}

const PATIENCE_MS = 1500

export class Actions {
  #buttons = [...document.querySelectorAll("[data-action]")]
  #allowed = []
  #busy = false
  #lost = true // until the first picture has come
  #perform
  #nextPicture = () => {}

  constructor(perform) {
    this.#perform = perform
    for (const button of this.#buttons) button.addEventListener("click", () => this.#press(button))
  }

  allow({ ticket, counter }) {
    this.#allowed = ALLOWED[ticket?.state ?? "none"] ?? []
    for (const spot of document.querySelectorAll("[data-when-open]")) spot.hidden = counter.state !== "open"
    for (const spot of document.querySelectorAll("[data-when-not-open]")) spot.hidden = counter.state === "open"
    this.#refresh()
    this.#nextPicture()
  }

  setLost(isLost) {
    this.#lost = isLost
    this.#refresh()
  }

  async #press(button) {
    if (this.#busy) return
    this.#busy = true
    button.setAttribute("aria-busy", "true")
    say("")
    const pictured = this.#pictureOrPatience() // listening before asking: the picture may be first
    try {
      const { status, body } = await this.#perform(button.dataset.action)
      if (status === 0 || status >= 400) say(body.message, "trouble")
      else if (status !== 204) await pictured
    } finally {
      button.removeAttribute("aria-busy")
      this.#busy = false
    }
  }

  // Until the page shows what the press did, a second press would be meant for the old picture.
  #pictureOrPatience() {
    return new Promise((done) => {
      this.#nextPicture = done
      setTimeout(done, PATIENCE_MS)
    })
  }

  #refresh() {
    for (const button of this.#buttons) {
      button.disabled = this.#lost || !this.#allowed.includes(button.dataset.action)
    }
  }
}
