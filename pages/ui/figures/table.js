// Draws data.columns x data.rows with the total pinned on top. A press on a row's name reports `row`, on a figure `cell`.
// The order is kept per place on the page, so that new data does not undo it.
const orders = new WeakMap()
const AS_GIVEN = -2

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

function figure(cell, column, press, reachable) {
  const made = element("td", column.words ? "words" : "")
  if (cell.absent) {
    made.append(element("span", "absent", cell.text))
    return made
  }
  const text = button(cell.text, press, reachable)
  if (!cell.change && cell.tone !== "flat") text.classList.add(cell.tone)
  made.append(text)
  if (cell.change) made.append(element("span", `change ${cell.tone}`, cell.change))
  if (cell.bar !== null) {
    made.classList.add("barred")
    made.style.setProperty("--bar", `${Math.round(cell.bar * 100)}%`)
  }
  return made
}

function picture(source) {
  const made = element("img")
  made.src = source
  made.alt = ""
  return made
}

function line(row, data, report, total) {
  const made = element("tr", total ? "total" : "")
  const name = element("td", "name")
  name.title = row.name
  if (row.picture) name.append(picture(row.picture))
  name.append(row.opens ? button(row.name, () => report("row", row.key), true) : element("span", "", row.name))
  made.append(name)
  row.cells.forEach((cell, index) =>
    made.append(figure(cell, data.columns[index], () => report("cell", { row: row.key, column: data.columns[index].key }), total)))
  return made
}

// Values that are not there come last, whichever way the others go.
function sorted(rows, order) {
  if (order.column === AS_GIVEN) return rows
  if (order.column < 0) return [...rows].sort((a, b) => a.name.localeCompare(b.name) * (order.down ? -1 : 1))
  const value = row => row.cells[order.column].sort
  return [...rows].sort((a, b) => {
    if (value(a) === null || value(b) === null) return (value(a) === null) - (value(b) === null)
    return (value(a) - value(b)) * (order.down ? -1 : 1)
  })
}

function heading(column, index, order, turn) {
  const made = element("th", index < 0 ? "name" : column.words ? "words" : "")
  const on = order.column === index
  if (on) made.classList.add("on")
  made.scope = "col"
  made.title = column.hint
  made.setAttribute("aria-sort", on ? (order.down ? "descending" : "ascending") : "none")
  made.append(button(column.title + (on ? (order.down ? " ↓" : " ↑") : ""), () => turn(index), true))
  return made
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".frame")
  root.classList.toggle("wrap", data.wrap)
  root.style.maxHeight = data.height ? `${data.height}px` : ""
  const draw = () => {
    const kept = orders.get(parentElement)
    const order = kept && kept.column < data.columns.length ? kept : { column: data.order, down: true }
    const turn = index => {
      orders.set(parentElement, { column: index, down: order.column === index ? !order.down : index >= 0 })
      draw()
    }
    const table = element("table"), head = element("thead"), body = element("tbody"), names = element("tr")
    table.append(element("caption", "hidden", data.caption))
    names.append(heading({ title: data.name, hint: "" }, -1, order, turn), ...data.columns.map((column, index) => heading(column, index, order, turn)))
    head.append(names)
    if (data.total) body.append(line(data.total, data, setTriggerValue, true))
    body.append(...sorted(data.rows, order).map(row => line(row, data, setTriggerValue, false)))
    table.append(head, body)
    root.replaceChildren(table)
  }
  draw()
}
