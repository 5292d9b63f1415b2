// The choice of a counter: only its clock moves.
import { startClock } from "/static/js/clock.js"

startClock()
