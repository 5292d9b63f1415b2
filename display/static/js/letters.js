// How wide texts are, in parts of their font size; measured once and then remembered.
const SIZE = 100
const MOST_REMEMBERED = 500
const pen = document.createElement("canvas").getContext("2d")
let widths = new Map()

// True once the real letters are there: before, widths would be those of another font.
export async function lettersReady() {
  await Promise.all([document.fonts.load(`700 ${SIZE}px "Noto Sans"`, "A0ä"), document.fonts.load(`400 ${SIZE}px "Noto Sans"`, "a")])
  widths = new Map()
}

export function widthOf(text, weight = 700) {
  const key = `${weight} ${text}`
  if (!widths.has(key)) remember(key, text, weight)
  return widths.get(key)
}

function remember(key, text, weight) {
  if (widths.size >= MOST_REMEMBERED) widths = new Map()
  pen.font = `${weight} ${SIZE}px "Noto Sans", system-ui, sans-serif`
  widths.set(key, pen.measureText(text).width / SIZE)
}

// The narrowest column in which the text takes so many lines: widths for one, two and three lines.
export function columnsOf(text) {
  const words = text.split(" ")
  return [1, 2, 3].map((lines) => narrowest(words, lines))
}

function narrowest(words, lines) {
  const pieces = words.flatMap((_, start) => words.slice(start).map((_, length) => words.slice(start, start + length + 1)))
  const candidates = pieces.map((piece) => widthOf(piece.join(" "))).sort((a, b) => a - b)
  return candidates.find((width) => linesIn(words, width) <= lines)
}

function linesIn(words, width) {
  let lines = 1
  let line = ""
  for (const word of words) {
    const longer = line ? `${line} ${word}` : word
    if (widthOf(word) > width) return Infinity
    if (widthOf(longer) <= width) line = longer
    else [lines, line] = [lines + 1, word]
  }
  return lines
}
