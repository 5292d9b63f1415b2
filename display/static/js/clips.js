// Fetches and decodes clips, and keeps the ones used lately: a number is made of few and the same.
const KEPT = 80
const PATIENCE_MS = 1000 // later the own gong is better: the server gives the word to another wall soon

export class Clips {
  #audio
  #kept = new Map()

  constructor(audio) {
    this.#audio = audio
  }

  // The clip's AudioBuffer, or null when it can't be had.
  get(url) {
    const clip = this.#kept.get(url) ?? this.#fetch(url)
    this.#kept.delete(url)
    this.#kept.set(url, clip)
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value)
    return clip
  }

  async #fetch(url) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
      return await this.#audio.context.decodeAudioData(await answer.arrayBuffer())
    } catch (error) {
      console.warn("no clip", error)
      this.#kept.delete(url) // the next call tries again
      return null
    }
  }
}
