// Draws cards from data.cards; a press on one reports its key as `pick`.
const SVG = "http://www.w3.org/2000/svg"

function element(tag, className, text) {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text ?? ""
  return made
}

// A line over evenly spaced values; a value that is not there breaks it.
function path(values, low, high, className) {
  const made = document.createElementNS(SVG, "path")
  let drawn = "", pen = "M"
  values.forEach((value, index) => {
    if (value === null) { pen = "M"; return }
    const x = values.length > 1 ? (index / (values.length - 1)) * 100 : 50
    const y = high > low ? 28 - ((value - low) / (high - low)) * 26 : 15
    drawn += `${pen}${x.toFixed(2)} ${y.toFixed(2)}`
    pen = "L"
  })
  made.setAttribute("d", drawn)
  made.setAttribute("class", className)
  return made
}

function spark(card) {
  const values = [...card.line, ...card.before].filter(value => value !== null)
  const low = Math.min(0, ...values), high = Math.max(...values)
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("viewBox", "0 0 100 30")
  svg.setAttribute("preserveAspectRatio", "none")
  svg.setAttribute("aria-hidden", "true")
  svg.append(path(card.before, low, high, "before"), path(card.line, low, high, "now"))
  return svg
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cards")
  root.replaceChildren(...data.cards.map(card => {
    const made = element("button", card.absent ? "card absent" : "card")
    made.title = card.hint
    made.append(element("span", "title", card.title), element("span", "value", card.value))
    made.append(element("span", `change ${card.tone}`, card.change), element("span", "was", card.was))
    if (card.line.length > 1) made.append(spark(card))
    made.onclick = () => setTriggerValue("pick", card.key)
    return made
  }))
}
