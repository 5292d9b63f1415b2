// How calls share their place: the prominent ones above and larger, the others below; or, when there are
// many, all in one grid.
import { fitCards, SHAPES } from "./card.js"

const COLUMNS = 6 // divisible by one, two and three
const HEIGHTS = [1, 1.25, 1.5, 1.8, 2.2] // a prominent row / another row
const MANY = 5
const BAR = 3 // a zone's bar with the line beside it, in parts of a hundredth of the short side

// The cards are what calls.js measured, the prominent ones first; the answer has the grid's rows, and groups
// of cards with their sizes.
export function arrange(cards, count, place, need) {
  const isFull = cards.length > MANY
  const [gap, pad] = [place.unit * (isFull ? 0.6 : 1.6), place.unit * (isFull ? 0.8 : 2.4)]
  const bar = place.unit * (cards.some((card) => card.zone) ? BAR : 0)
  const plans = SHAPES.flatMap((shape) => plansIn(cards, count, { ...place, gap, pad, bar, need, shape }))
  return { ...plans.reduce((best, next) => (next.score > best.score ? next : best)), gap, pad, bar }
}

function plansIn(cards, count, room) {
  const [above, below] = [cards.slice(0, count), cards.slice(count)]
  const plans = [1, 2].map((columns) => flat(cards, columns, room))
  return below.length ? [...plans, ...storeys(above, below, room)] : plans
}

function flat(cards, columns, room) {
  const rows = Math.ceil(cards.length / columns)
  const only = group(cards, columns, (room.height - room.gap * (rows - 1)) / rows, room)
  return { rows: `repeat(${rows}, minmax(0, 1fr))`, groups: [only], readable: only.readable, score: 2 * only.score }
}

function storeys(above, below, room) {
  const choices = [1, 2].flatMap((one) => [1, 2, 3].flatMap((other) => HEIGHTS.map((height) => [one, other, height])))
  return choices
    .filter(([one, other]) => one <= above.length && other <= below.length)
    .map(([one, other, height]) => twoGroups(above, one, below, other, height, room))
}

function twoGroups(above, one, below, other, height, room) {
  const [rowsAbove, rowsBelow] = [Math.ceil(above.length / one), Math.ceil(below.length / other)]
  const low = (room.height - room.gap * (rowsAbove + rowsBelow - 1)) / (rowsAbove * height + rowsBelow)
  const first = group(above, one, low * height, room)
  // A settled call is never larger than a new one: the eye must find the new one first (A-D4).
  const second = group(below, other, low, { ...room, most: { number: first.number, name: first.usual } })
  // A new call should be the largest thing on the wall, but not at the price of one that nobody can read.
  const prominence = Math.min(0.6, Math.log2(first.number / second.number))
  return {
    rows: `repeat(${rowsAbove}, minmax(0, ${height}fr)) repeat(${rowsBelow}, minmax(0, 1fr))`,
    groups: [first, second],
    readable: first.readable && second.readable,
    score: first.score + second.score + prominence,
  }
}

function group(cards, columns, height, room) {
  const width = (room.width - room.gap * (columns - 1)) / columns - room.bar
  const { shape } = room
  return { cards, shape, span: COLUMNS / columns, ...fitCards(cards, { ...room, width, height }) }
}
