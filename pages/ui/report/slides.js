// Turns the document in this frame into slides, one block each, when the page around it says so; and back again.
(() => {
  const slides = [...document.querySelectorAll("section[id]")].filter(one => !one.parentElement.closest("section[id]"))
  const bar = document.createElement("div"), panel = document.createElement("aside")
  bar.className = "slide-bar"
  panel.className = "slide-notes"
  document.body.append(bar, panel)
  slides.forEach(one => one.setAttribute("data-slide", ""))
  let place = 0, told = { notes: {}, words: {} }

  // A slide is as wide as the document's column; it is drawn larger or smaller until it fills the screen.
  function fit() {
    const slide = slides[place]
    slide.style.transform = "none"
    const room = panel.classList.contains("open") ? window.innerHeight - panel.offsetHeight : window.innerHeight
    const scale = Math.min((window.innerWidth * .96) / slide.offsetWidth, (room * .94) / slide.scrollHeight, 2.4)
    slide.style.top = `${room / 2}px`
    slide.style.transform = `scale(${scale}) translate(-50%, -50%)`
  }

  function show() {
    slides.forEach((one, index) => one.classList.toggle("now", index === place))
    bar.textContent = `${place + 1} / ${slides.length}`
    const lines = told.notes[slides[place].id] || []
    panel.replaceChildren(...(lines.length ? lines : [told.words.nothing]).map(line => {
      const made = document.createElement("p")
      made.textContent = line
      return made
    }))
    window.dispatchEvent(new Event("resize"))
    fit()
  }

  // Everything that is neither a slide nor around one: headings of the page, lists of contents, footers.
  function others() {
    const found = []
    for (let one = slides[0]; one && one !== document.body; one = one.parentElement) {
      for (const beside of one.parentElement.children) {
        const keep = beside.matches("section[data-slide], .slide-bar, .slide-notes, script, style, template") || slides.some(slide => beside.contains(slide))
        if (!keep) found.push(beside)
      }
    }
    return found
  }

  function enter() {
    if (!slides.length) return
    document.documentElement.classList.add("slides")
    others().forEach(one => one.classList.add("no-slide"))
    show()
    document.body.tabIndex = -1
    document.body.focus()
  }

  function leave() {
    document.documentElement.classList.remove("slides")
    panel.classList.remove("open")
    slides.forEach(one => {
      one.classList.remove("now")
      one.style.transform = one.style.top = ""
    })
    document.querySelectorAll(".no-slide").forEach(one => one.classList.remove("no-slide"))
    window.dispatchEvent(new Event("resize"))
  }

  const turns = {
    ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1,
    Home: -1e6, End: 1e6,
  }
  window.addEventListener("keydown", event => {
    if (!document.documentElement.classList.contains("slides")) return
    if (event.key in turns) {
      place = Math.max(0, Math.min(slides.length - 1, place + turns[event.key]))
      show()
      event.preventDefault()
    } else if (event.code === "KeyN") {
      panel.classList.toggle("open")
      fit()
    } else if (event.key === "Escape") {
      parent.postMessage("leave", "*")
    }
  })
  window.addEventListener("resize", () => document.documentElement.classList.contains("slides") && fit())
  window.addEventListener("message", event => {
    if (event.source !== parent) return
    if (event.data.mode === "slides") {
      told = event.data
      enter()
    } else if (event.data.mode === "page") leave()
  })
})()
