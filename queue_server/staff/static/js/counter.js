// A clerk's page: shows the counter's picture and sends the clerk's steps.
import { startClock } from "/static/js/clock.js"
import { word } from "/static/js/fill.js"
import { watch } from "/static/js/live.js"
import { post } from "/static/js/post.js"
import { newRequestId } from "/static/js/request_id.js"
import { Actions } from "./actions.js"
import { startKeys } from "./keys.js"
import { say } from "./message.js"
import { showCounter } from "./picture.js"

const { audience } = document.body.dataset
const counter = `/api/v1/counters/${encodeURIComponent(audience.split(":")[1])}`
const actions = new Actions(perform)
let picture

// A wish to call is named once; trying again after a lost answer must not call a second client.
let wish = newRequestId()

async function callNext() {
  const answer = await post(`${counter}/call-next`, { request_id: wish })
  if (answer.status) wish = newRequestId()
  if (answer.status === 204) say(word("nobody-waits"))
  return answer
}

function perform(verb) {
  if (verb === "call-next") return callNext()
  if (verb === "pause") return post(`${counter}/${picture.counter.state === "open" ? "pause" : "open"}`)
  return post(`/api/v1/tickets/${picture.ticket.id}/${verb}`)
}

function show(news) {
  picture = news
  showCounter(picture)
  actions.allow(picture)
}

function setLost(isLost) {
  document.querySelector("[data-lost]").hidden = !isLost
  actions.setLost(isLost)
  say(isLost ? word("lost") : "", "trouble")
}

startClock()
startKeys()
setInterval(() => picture && showCounter(picture), 1000)
watch(audience, { show, stale: () => setLost(true), fresh: () => setLost(false) })
