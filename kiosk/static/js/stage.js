// Shows one screen at a time, in one language.
import { fill } from "/static/js/fill.js"

// Long enough that the second half of a double tap falls on nothing.
const SETTLE_MS = 350

export class Stage {
  home = document.documentElement.lang
  language = this.home
  screen = "start"
  root = document.querySelector("[data-stage]")

  show(name, values = {}) {
    fill(this.part(name), values)
    if (name === this.screen) return
    this.screen = name
    this.#reveal()
    this.#settle()
  }

  showError(message, mayTryAgain) {
    this.part("error").querySelector("[data-again]").hidden = !mayTryAgain
    this.show("error", { message })
  }

  speak(language) {
    if (language === this.language) return
    this.language = language
    document.documentElement.lang = language
    const words = document.querySelector(`template[data-stage-in="${language}"]`)
    this.root.replaceChildren(words.content.cloneNode(true))
    const lost = this.root.querySelector("[data-no-connection-words]")
    document.body.dataset.noConnection = lost.content.textContent
    for (const button of document.querySelectorAll("[data-tongue]")) {
      button.setAttribute("aria-pressed", button.dataset.tongue === language)
    }
    this.#reveal()
  }

  part(name) {
    return this.root.querySelector(`[data-screen="${name}"]`)
  }

  #reveal() {
    for (const screen of this.root.querySelectorAll("[data-screen]")) {
      screen.hidden = screen.dataset.screen !== this.screen
    }
  }

  #settle() {
    clearTimeout(this.timer)
    this.root.inert = true
    this.timer = setTimeout(() => {
      this.root.inert = false
      this.part(this.screen).querySelector("h1").focus({ preventScroll: true })
    }, SETTLE_MS)
  }
}
