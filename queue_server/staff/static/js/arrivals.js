// A soft sound when somebody comes while nobody was waiting, so that nobody has to watch an empty list.
import { phrase } from "/static/js/fill.js"
import { Gong } from "/static/js/gong.js"
import { isResting } from "./facts.js"
import { say } from "./message.js"
import { rememberedSwitch } from "./switches.js"

// Two low notes going up: never to be mistaken for the gong of the waiting hall.
const SOFT = [[392, 0, 0.1], [523.25, 0.18, 0.1]]

export class Arrivals {
  #hadNobody = false // the first picture is no arrival
  #isOn = false
  #gong = null

  constructor() {
    document.body.dataset.gongs = 0
    rememberedSwitch("sound", (isOn) => this.#set(isOn))
  }

  // `isMine`: of several windows only the one that works at the counter is heard.
  watch({ next, counter }, isMine) {
    // Who rests after an unanswered call is no arrival; whoever may be called now is one.
    const first = next.find((ticket) => !isResting(ticket))
    const came = this.#hadNobody && first
    this.#hadNobody = !first
    if (!came || !isMine || counter.state !== "open") return
    say(phrase("first-client", first))
    if (this.#isOn) this.#ring()
  }

  #set(isOn) {
    this.#isOn = isOn
    if (isOn) this.#gong ??= new Gong((state) => { document.body.dataset.soundState = state }, SOFT)
  }

  async #ring() {
    const { dataset } = document.body
    if (await this.#gong.ring()) dataset.gongs = Number(dataset.gongs) + 1
  }
}
