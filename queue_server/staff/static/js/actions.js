// The buttons: which can be pressed now, why the others cannot, and one request at a time.
import { phrase, word } from "/static/js/fill.js"
import { say } from "./message.js"

const PATIENCE_MS = 1500
const DOUBLE_MS = 500

export class Actions {
  #possible = new Set()
  #why = "lost" // until the first picture has come
  #busy = false
  #afterwards = null
  #last = { button: null, at: -DOUBLE_MS }
  #pictured = () => {}

  // Steps of the counter; steps inside lists and dialogs come by `run`.
  constructor(perform) {
    for (const button of document.querySelectorAll("[data-action]"))
      button.addEventListener("click", () => perform(button))
  }

  allow(steps) {
    this.#possible = steps
    this.refresh()
  }

  // A new picture is on the page.
  see(picture) {
    this.#pictured(picture)
  }

  // `why` is "lost", "taken" or "": then every button says it.
  block(why) {
    this.#why = why
    document.body.dataset.blocked = why
    this.refresh()
  }

  // Whether it worked. `done` is called as soon as that is known, e.g. to close a dialog.
  async run(button, verb, send, done = () => {}) {
    if (this.#isDouble(button)) return false
    // Whoever is quick presses the next button before the last answer has come: it is done then.
    if (this.#busy) this.#afterwards = button
    if (this.#busy) return false
    this.#busy = true
    button.setAttribute("aria-busy", "true")
    say("")
    const pictures = this.#watchPictures() // before asking: the picture may come before the answer
    try {
      const answer = await send()
      const worked = answer.status > 0 && answer.status < 400
      if (worked) done()
      if (worked && answer.status !== 204) await pictures.that((picture) => tellsOf(picture, answer.body))
      this.#tell(verb, answer, worked)
      return worked
    } finally {
      button.removeAttribute("aria-busy")
      this.#busy = false
      this.#pressAfterwards(button)
    }
  }

  refresh() {
    for (const button of document.querySelectorAll("[data-action]"))
      this.#set(button, this.#possible.has(button.dataset.action))
    for (const button of document.querySelectorAll("[data-step]")) this.#set(button, button.dataset.may === "yes")
  }

  #set(button, may) {
    button.disabled = Boolean(this.#why) || !may
    button.title = this.#why ? word(`why-${this.#why}`) : ""
    const hint = button.querySelector("[data-hint]")
    const text = button.title || hint?.dataset.own
    if (hint && hint.textContent !== text) hint.textContent = text
  }

  #pressAfterwards(button) {
    const next = this.#afterwards
    this.#afterwards = null
    if (!next || next === button) return
    this.#last = { button: null, at: -DOUBLE_MS }
    next.click() // what is not possible any more is disabled by now, and ignores it
  }

  #tell(verb, { status, body }, worked) {
    if (!worked) say(body.message, "trouble")
    else if (status === 204) say(word("nobody-waits"))
    else say(phrase(`done-${verb}`, body))
  }

  // The second half of a double click is not a second wish, even when the first was done at once.
  #isDouble(button) {
    const now = performance.now()
    const isDouble = button === this.#last.button && now - this.#last.at < DOUBLE_MS
    this.#last = { button, at: now }
    return isDouble
  }

  // Until the page shows what the press did, a second press would be meant for the old picture.
  #watchPictures() {
    let newest = null
    let look = () => {}
    this.#pictured = (picture) => { newest = picture; look() }
    return {
      that: (fits) => new Promise((done) => {
        look = () => newest && fits(newest) && done()
        look()
        setTimeout(done, PATIENCE_MS)
      }),
    }
  }
}

// Whether a picture is as new as an answer: it has the ticket as the answer says, or no longer.
function tellsOf({ ticket, counter }, answer) {
  if (answer.ticket_state !== undefined) return counter.state === answer.state // a counter's answer
  const isHere = ["called", "serving"].includes(answer.state) && answer.counter === counter.key
  if (!isHere) return ticket?.id !== answer.id
  return ticket?.id === answer.id && ticket.state === answer.state && ticket.attempt === answer.attempt
}
