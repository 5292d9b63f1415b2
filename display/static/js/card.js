// How large the pieces of a call can be in a card of that width and height. Pure arithmetic, in px.
const WAY = 0.5 // the words of the way / the counter's name
const LINE = 1.1
export const SHORT = 14 // letters of a usual name; longer ones take care of themselves
export const LONG_NAME = 0.5 // a name longer than usual is so much smaller: `queue-server check` remarks on it
const ANY = { number: Infinity, name: Infinity }

const SHAPES = [inARow, inStoreys, tightRow]

// The best sizes for cards that stand together: one number size for all, so that they can be compared at a glance.
// `need` is what the farthest seat asks of the number and of the counter's name, `most` what nothing may exceed.
export function fitCards(cards, width, height, need, most = ANY) {
  const largest = Math.min(height, most.number, width / Math.max(...cards.map((card) => card.digits)))
  const choices = SHAPES.flatMap((fit) => steps(largest, need.number).map((number) => {
    const sizes = limited(fit(cards, number, width, height), need, most)
    const readable = number >= need.number && sizes.usual >= need.name && sizes.longest >= need.name * LONG_NAME
    return { number, ...sizes, readable, score: readable * 10 - sizes.price + score(number, sizes, need) }
  }))
  return choices.reduce((best, next) => (next.score > best.score ? next : best))
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
  const [pad, gap] = [number * air * 0.7, number * air]
  const arrow = cards.some((card) => card.arrow) ? number * sign : 0
  const digits = Math.max(...cards.map((card) => card.digits)) * number
  const left = width - 2 * pad - digits - gap - (arrow && arrow + gap)
  const names = cards.map((card) => fitName(card, left, height * 0.94, number * 0.66))
  return { shape: "row", price, pad, gap, arrow, digits, left, ...together(cards, names) }
}

function tightRow(cards, number, width, height) {
  return inARow(cards, number, width, height, 0.13, 0.62, 0.5) // a small arrow is seen less
}

function inStoreys(cards, number, width, height) {
  const pad = number * 0.16
  const digits = Math.max(...cards.map((card) => card.digits)) * number
  const below = height * 0.94 - number * 1.1
  const arrow = cards.some((card) => card.arrow) ? Math.min(below, number * 0.6) : 0
  const left = width - 2 * pad - (arrow && arrow + number * 0.12)
  const fits = digits <= width - 2 * pad && below > 0
  const names = cards.map((card) => (fits ? fitName(card, left, below, number * 0.6) : -1))
  return { shape: "storeys", price: 0, pad, gap: number * 0.12, arrow, digits, left, ...together(cards, names) }
}

function fitName({ columns, letters, way }, width, height, largest) {
  const sizes = (letters > SHORT ? columns : columns.slice(0, 1)).map((column, index) => Math.min(largest, width / column, height / (LINE * (index + 1) + (way ? WAY * 1.2 : 0))))
  return Math.max(...sizes)
}

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

// The words of the way: half as large as the name, if they fit into one line.
export const wayOf = (card, name, left) => Math.min(name * WAY, card.way ? left / card.way : Infinity)
