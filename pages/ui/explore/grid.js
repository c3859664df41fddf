// Draws data.heads x data.rows with the total pinned on top. A press on a name reports `open`, on a figure `cell`.
// The order is kept per place on the page and set of columns, so that new figures do not undo it.
const orders = new WeakMap()

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

function button(text, press, reachable) {
  const made = element("button", "", text)
  made.type = "button"
  if (!reachable) made.tabIndex = -1
  made.onclick = press
  return made
}

function named(name, opens, first, press) {
  const made = element("td", first ? "name" : "label")
  made.title = name
  made.append(opens ? button(name, press, true) : element("span", "", name))
  return made
}

function figure(cell, head, shade, press, reachable) {
  const made = element("td", head.kind === "text" ? "text" : "")
  if (head.strong) made.classList.add("strong")
  if (cell.absent) {
    made.append(element("span", "absent", cell.text))
    return made
  }
  if (head.kind === "text") made.title = cell.text
  made.append(head.kind === "figure" ? button(cell.text, press, reachable) : element("span", "", cell.text))
  if (cell.change) made.append(element("span", `change ${cell.tone}`, cell.change))
  if (cell.bar !== null && shade) {
    made.classList.add("shaded")
    made.style.setProperty("--heat", `${Math.round(cell.bar * 26)}%`)
  } else if (cell.bar !== null) {
    made.classList.add("barred")
    made.style.setProperty("--bar", `${Math.round(cell.bar * 100)}%`)
  }
  return made
}

function line(row, data, report, total) {
  const made = element("tr", total ? "total" : "")
  const names = data.heads.filter(head => head.kind === "name").length
  row.names.forEach(([name, opens], place) =>
    made.append(named(name, opens, place === 0, () => report("open", { row: row.id, place }))))
  row.cells.forEach((cell, index) => {
    const head = data.heads[names + index]
    made.append(figure(cell, head, data.shade, () => report("cell", { row: row.id, column: head.key }), total))
  })
  return made
}

// Values that are not there come last, whichever way the others go.
function sorted(data, order) {
  if (order.column < 0) return data.rows
  const head = data.heads[order.column], turn = order.down ? -1 : 1
  const names = data.heads.filter(one => one.kind === "name").length
  if (head.kind === "name") return [...data.rows].sort((a, b) => a.names[order.column][0].localeCompare(b.names[order.column][0]) * turn)
  const cell = row => row.cells[order.column - names]
  return [...data.rows].sort((a, b) => {
    const one = cell(a), other = cell(b)
    if (head.kind === "text" && one.sort === null && other.sort === null) return one.text.localeCompare(other.text) * turn
    if (one.sort === null || other.sort === null) return (one.sort === null) - (other.sort === null)
    return (one.sort - other.sort) * turn
  })
}

function heading(head, index, order, turn) {
  const made = element("th", index === 0 && head.kind === "name" ? "name" : head.kind === "name" ? "label" : head.kind === "text" ? "text" : "")
  const on = order.column === index
  if (on) made.classList.add("on")
  if (head.strong) made.classList.add("strong")
  made.scope = "col"
  made.title = head.hint
  made.setAttribute("aria-sort", on ? (order.down ? "descending" : "ascending") : "none")
  made.append(button(head.title + (on ? (order.down ? " ↓" : " ↑") : ""), () => turn(index), true))
  return made
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".frame")
  root.style.maxHeight = data.height ? `${data.height}px` : ""
  root.setAttribute("aria-label", data.caption)
  const columns = data.heads.map(head => head.key).join("\n")
  const draw = () => {
    const kept = orders.get(parentElement)
    const order = kept && kept.columns === columns ? kept : { column: data.order, down: true, columns }
    const turn = index => {
      const first = data.heads[index].kind !== "name"
      orders.set(parentElement, { column: index, down: order.column === index ? !order.down : first, columns })
      draw()
    }
    const table = element("table"), head = element("thead"), body = element("tbody"), names = element("tr")
    table.append(element("caption", "hidden", data.caption))
    names.append(...data.heads.map((one, index) => heading(one, index, order, turn)))
    head.append(names)
    if (data.total) body.append(line(data.total, data, setTriggerValue, true))
    body.append(...sorted(data, order).map(row => line(row, data, setTriggerValue, false)))
    table.append(head, body)
    root.replaceChildren(table)
  }
  draw()
}
