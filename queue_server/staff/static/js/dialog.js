// A dialog: closed by its cross, Esc or a tap beside it; begins empty each time.
import { say } from "./message.js"

export class Dialog {
  constructor(name) {
    this.box = document.querySelector(`[data-dialog="${name}"]`)
    this.box.addEventListener("click", (event) => event.target.closest("[data-close-dialog]") && this.close())
    this.box.addEventListener("pointerdown", (event) => this.#isBeside(event) && this.close())
  }

  get isOpen() {
    return this.box.open
  }

  open() {
    if (this.isOpen) return
    for (const field of this.box.querySelectorAll("input")) field.value = ""
    this.box.showModal()
    say("")
  }

  close = () => this.box.close()

  #isBeside({ target, clientX: x, clientY: y }) {
    const { left, right, top, bottom } = this.box.getBoundingClientRect()
    return target === this.box && (x < left || x > right || y < top || y > bottom)
  }
}
