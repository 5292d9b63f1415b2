// The sound of a wall: speaks when told to, shows when it can't, and tells the server how it is doing.
import { clockDifference } from "/static/js/clock.js"
import { Voice } from "./voice.js"

const REPORT_MS = 15_000
const { dataset } = document.body

export class Speaker {
  #link = null
  #voice = document.querySelector("[data-sounds=off]") ? null : new Voice((body) => this.#link?.tell("spoken", body), () => this.#change())

  words = {
    speak: (message) => this.#speak(message),
    hush: (message) => this.#voice?.hush(message),
  }

  // `link` is what watch() gave back.
  connect(link) {
    this.#link = link
    addEventListener("resize", () => this.report())
    setInterval(() => this.report(), REPORT_MS)
  }

  stop() {
    this.#voice?.stop()
  }

  report() {
    const sound = this.#voice ? this.#voice.state : "off"
    if (sound) this.#link?.tell("report", {
      sound,
      fits: { yes: true, no: false }[dataset.fits] ?? null,
      full: Math.abs(innerWidth - screen.width) <= 2 && Math.abs(innerHeight - screen.height) <= 2,
      screen: [innerWidth, innerHeight],
      clock_off: Math.round(clockDifference() / 100) / 10,
    })
  }

  #speak(message) {
    dataset.gongs = Number(dataset.gongs ?? 0) + (message.gong ? 1 : 0)
    this.#voice ? this.#voice.speak(message) : this.#link.tell("spoken", { id: message.id, state: "failed" })
  }

  #change() {
    dataset.soundState = this.#voice.state
    document.querySelector("[data-sound]").hidden = this.#voice.state !== "blocked"
    document.querySelector("[data-no-device]").hidden = this.#voice.state !== "no-device"
    this.report()
  }
}
