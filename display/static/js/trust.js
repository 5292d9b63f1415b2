// An old picture is marked; a very old one is taken down, because wrong calls are worse than none.
const TOO_OLD_MS = 55_000 // after the 5 s that make a picture stale: one minute in all

export class Trust {
  #timer = null

  lose() {
    show("stale")
    this.#timer ??= setTimeout(() => this.#takeDown(), TOO_OLD_MS)
  }

  // What is shown instead is up to the picture that comes now.
  renew() {
    clearTimeout(this.#timer)
    this.#timer = null
    hide("stale", "broken")
    delete document.body.dataset.trust
  }

  // The mark keeps away what is drawn anew meanwhile, e.g. because the place changed its size.
  #takeDown() {
    document.body.dataset.trust = "broken"
    hide("stale", "calls", "side", "waiting", "empty", "closed", "sign", "night", "recent-part")
    show("broken")
  }
}

const all = (name) => document.querySelectorAll(`[data-${name}]`)
const show = (name) => all(name).forEach((part) => { part.hidden = false })
const hide = (...names) => names.flatMap((name) => [...all(name)]).forEach((part) => { part.hidden = true })
