// An old picture is marked; a very old one is taken down, because wrong calls are worse than none.
const TOO_OLD_MS = 55_000 // after the 5 s that make a picture stale: one minute in all

export class Trust {
  #timer = null

  lose() {
    part("stale").hidden = false
    this.#timer ??= setTimeout(() => this.#takeDown(), TOO_OLD_MS)
  }

  renew() {
    clearTimeout(this.#timer)
    this.#timer = null
    part("stale").hidden = true
    part("broken").hidden = true
    part("calls").hidden = false
    part("waiting").hidden = false
  }

  #takeDown() {
    for (const name of ["calls", "side", "waiting", "empty", "stale"]) part(name).hidden = true
    part("broken").hidden = false
  }
}

const part = (name) => document.querySelector(`[data-${name}]`)
