// Shows data.html in a frame without our origin, and fills the screen with it when Present is pressed. The slides turn inside the frame:
// see slides.js. What the frame says back is only that Esc was pressed.
const shown = new WeakMap()

function element(tag, text) {
  const made = document.createElement(tag)
  if (text) made.textContent = text
  return made
}

function build(root, words) {
  const bar = element("div"), stage = element("div"), frame = element("iframe"), press = element("button", words.present)
  bar.className = "bar"
  stage.className = "stage"
  press.type = "button"
  frame.setAttribute("sandbox", "allow-scripts")
  frame.title = words.title
  bar.append(press, element("span", words.keys))
  stage.append(frame)
  root.replaceChildren(bar, stage)
  return { press, stage, frame }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root")
  const known = shown.get(parentElement)
  const page = data.html.replace("</body>", `${data.slides}</body>`)
  const mark = JSON.stringify(data.words)
  const parts = known && known.mark === mark ? known.parts : build(root, data.words)
  const { press, stage, frame } = parts
  const tell = mode => frame.contentWindow.postMessage({ mode, notes: data.notes, words: data.words }, "*")
  if (!known || known.parts !== parts || known.page !== page) frame.srcdoc = page
  shown.set(parentElement, { mark, page, parts })
  press.onclick = () => {
    tell("slides")
    stage.requestFullscreen().then(() => frame.focus()).catch(() => frame.focus())
  }
  stage.onfullscreenchange = () => {
    if (!document.fullscreenElement) tell("page")
  }
  const heard = event => {
    if (event.source !== frame.contentWindow || event.data !== "leave") return
    tell("page")
    if (document.fullscreenElement) document.exitFullscreen()
  }
  window.addEventListener("message", heard)
  return () => window.removeEventListener("message", heard)
}
