// How large the pieces of a call can be in a card of that width and height. Pure arithmetic, in px.
const WAY = 0.45 // the words of the way / the counter's name: so much is kept free for them
const WAY_AT_MOST = 0.6
const LINE = 1.1
const WAY_LINE = 1.2
export const SHORT = 14 // letters of a usual name; longer ones take care of themselves
export const LONG_NAME = 0.5 // a name longer than usual is so much smaller: `queue-server check` remarks on it
const ANY = { number: Infinity, name: Infinity }

// All cards of a wall have one shape, so that the eye finds number, arrow and name in the same places.
const FITS = { row: [inARow, tightRow], under: [arrowUnder], storeys: [inStoreys] }
export const SHAPES = Object.keys(FITS)

// The best sizes for cards that stand together: one number size for all, so that they can be compared at a glance.
// `need` is what the farthest seat asks of the number and of the counter's name, `most` what nothing may exceed.
export function fitCards(cards, { width, height, pad, shape, need, most = ANY }) {
  const inside = width - 2 * pad
  // A line of letters is higher than its digits: with less air they would touch the edge of the screen.
  const high = need.number > height ? height * 0.88 : Math.max(need.number, height * 0.88)
  const largest = Math.min(high, most.number, inside / Math.max(...cards.map((card) => card.digits)))
  const choices = FITS[shape].flatMap((fit) => steps(largest, need.number).map((number) => {
    const sizes = limited(fit(cards, number, inside, height), need, most)
    const readable = number >= need.number && sizes.usual >= need.name && sizes.longest >= need.name * LONG_NAME
    return { number, ...sizes, readable, score: readable * 10 - sizes.price + score(number, sizes, need) }
  }))
  return withWays(cards, choices.reduce((best, next) => (next.score > best.score ? next : best)))
}

// Number and counter's name are both needed to find the way; beyond that they grow together.
function score(number, { usual, longest }, need) {
  if (!(longest > 0)) return -Infinity
  const growth = Math.log2(Math.min(number, 1.7 * usual, 3 * longest) / need.number)
  const enough = (size, wanted) => Math.min(1, size / wanted)
  return 12 * enough(number, need.number) + 2 * enough(usual, need.name) + 1.2 * enough(longest, need.name) + 0.25 * growth
}

function steps(largest, need) {
  return [...Array.from({ length: 50 }, (_, step) => largest * 0.97 ** step), Math.min(need, largest)]
}

// `air` is what stands between the pieces; with less of it a narrow card has more room for the name.
function inARow(cards, number, width, height, air = 0.24, sign = 0.76, price = 0) {
  const gap = number * air
  const arrow = hasArrow(cards) ? number * sign : 0
  const digits = digitsOf(cards, number)
  const left = width - digits - gap - (arrow && arrow + gap)
  const [tall, most] = [height * 0.94, number * 0.66]
  const names = cards.map((card) => fitName(card, left, tall, most))
  return { price, gap, arrow, digits, left, wide: left, tall, ...together(cards, names) }
}

function tightRow(cards, number, width, height) {
  return inARow(cards, number, width, height, 0.13, 0.66, 0.5) // a small arrow is seen less
}

// The arrow below the name, beside the words of the way: the only place for it where many calls share the wall.
function arrowUnder(cards, number, width, height) {
  const gap = number * 0.13
  const digits = digitsOf(cards, number)
  const left = width - digits - gap
  const tall = height * 0.98
  const arrow = hasArrow(cards) ? number * 0.39 : 0
  const wide = left - (arrow && arrow + gap)
  const names = cards.map((card) => (wide > 0 ? fitName(card, left, tall, number * 0.66, arrow) : -1))
  return { price: 1.2, gap, arrow, digits, left, wide, tall, ...together(cards, names) }
}

function inStoreys(cards, number, width, height) {
  const gap = number * 0.12
  const digits = digitsOf(cards, number)
  const tall = height * 0.94 - number * 1.1
  const arrow = hasArrow(cards) ? Math.min(tall, number * 0.6) : 0
  const left = width - (arrow && arrow + gap)
  const fits = digits <= width && tall > 0
  const names = cards.map((card) => (fits ? fitName(card, left, tall, number * 0.6) : -1))
  return { price: 0, gap, arrow, digits, left, wide: left, tall, ...together(cards, names) }
}

const hasArrow = (cards) => cards.some((card) => card.arrow)
const digitsOf = (cards, number) => Math.max(...cards.map((card) => card.digits)) * number

// `below` is kept free at least, whatever the way needs.
function fitName(card, width, height, largest, below = 0) {
  const room = below ? height - below : height
  const words = card.ways && !below ? WAY * WAY_LINE : 0
  return Math.max(...linesOf(card).map((column, index) => Math.min(largest, width / column, room / (LINE * (index + 1) + words))))
}

// The widths of the name in one line, in two, in three; a usual name stands in one.
const linesOf = ({ columns, letters }) => (letters > SHORT ? columns : columns.slice(0, 1))

function together(cards, names) {
  const longest = Math.min(...names)
  const usual = Math.min(...names.filter((_, index) => cards[index].letters <= SHORT))
  return { longest, usual: Math.min(usual, Math.max(...names)), names }
}

// Names stand in one size where they can; one that has room for a readable size has it, whatever its neighbours are.
function limited(sizes, need, most) {
  const largest = Math.min(Math.max(sizes.usual, need.name), most.name)
  return { ...sizes, names: sizes.names.map((name) => Math.min(name, largest)) }
}

// The words of the way: what the name leaves free, in one line or (direction above part of the house) in two.
function withWays(cards, sizes) {
  const choices = cards.map((card, index) => [1, 2].map((lines) => wayOf(card, sizes.names[index], sizes, lines)))
  return { ...sizes, ways: choices.map((sizes) => Math.max(...sizes)), wayLines: choices.map(([one, two]) => (two > one ? 2 : 1)) }
}

function wayOf(card, name, { left, wide, tall }, lines) {
  if (!card.ways) return 0
  const nameLines = Math.max(0, linesOf(card).findIndex((column) => column * name <= left * 1.001)) + 1
  const free = tall - nameLines * LINE * name
  return Math.max(0, Math.min(name * WAY_AT_MOST, wide / card.ways[lines - 1], free / (WAY_LINE * lines)))
}
