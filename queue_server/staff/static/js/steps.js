// What the steps ask of the server.
import { post } from "/static/js/post.js"
import { newRequestId } from "/static/js/request_id.js"

export const counterKey = document.body.dataset.audience.split(":")[1]
const counter = `/api/v1/counters/${encodeURIComponent(counterKey)}`

// A wish for a client is named once; trying again after a lost answer must not bring a second one.
let wish = newRequestId()

export async function counterStep(verb, body = {}) {
  const answer = await post(`${counter}/${verb}`, body)
  if (answer.status) wish = newRequestId()
  return answer
}

export const callNext = () => counterStep("call-next", { request_id: wish })
export const serve = (service) => counterStep("serve", { service, request_id: wish })
export const ticketStep = (id, verb, body = {}) => post(`/api/v1/tickets/${id}/${verb}`, body)
export const callPicked = (id, reason) => ticketStep(id, "call", { counter: counterKey, reason })
