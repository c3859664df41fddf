// Draws data.root as nested lists of boxes, from the outcome on the left to the drivers on the right. A press reports `pick`.

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

function box(node, report) {
  const made = element("button", `box${node.parts.length ? "" : " leaf"}${node.absent ? " absent" : ""}`)
  made.type = "button"
  made.append(element("span", "name", node.name))
  const figures = element("span", "figures")
  figures.append(element("span", "value", node.value))
  if (node.then) figures.append(element("span", "then", `→ ${node.then}`))
  made.append(figures)
  if (node.change) made.append(element("span", `change ${node.tone}`, node.change))
  if (node.plan) made.append(element("span", "plan", node.plan))
  made.onclick = () => report(node.key)
  return made
}

function branch(node, report) {
  const made = element("li")
  if (node.sign) made.append(element("span", "sign", node.sign))
  made.append(box(node, report))
  if (node.parts.length) {
    const parts = element("ul")
    parts.append(...node.parts.map(part => branch(part, report)))
    made.append(parts)
  }
  return made
}

function depth(node) {
  return 1 + Math.max(0, ...node.parts.map(depth))
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tree")
  const list = element("ul", "trunk")
  list.setAttribute("aria-label", data.label)
  list.append(branch(data.root, key => setTriggerValue("pick", key)))
  root.style.setProperty("--levels", depth(data.root))
  root.replaceChildren(list)
}
