// One person's wish for a ticket. It keeps its name until an answer came, so that trying again
// after a lost answer gives the same ticket and not a second one.
import { post } from "/static/js/post.js"
import { newRequestId } from "/static/js/request_id.js"

export class Wish {
  service = null
  #name = null
  #kiosk

  constructor(kiosk) {
    this.#kiosk = kiosk
  }

  async send(service, language) {
    if (service !== this.service) this.#name = null
    this.service = service
    this.#name ??= newRequestId()
    const wish = { service, language, kiosk: this.#kiosk, request_id: this.#name }
    const answer = await post(`/api/v1/tickets?lang=${language}`, wish)
    if (answer.status > 0 && answer.status < 500) this.#name = null
    return answer
  }

  forget() {
    this.service = null
    this.#name = null
  }
}
