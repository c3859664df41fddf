// Turns the document in this frame into slides, one block each, when the page around it says so; and back again.
(() => {
  const slides = [...document.querySelectorAll("header.cover, section")]
  const bar = document.createElement("div"), panel = document.createElement("aside")
  bar.className = "slide-bar"
  panel.className = "slide-notes"
  document.body.append(bar, panel)
  slides.forEach(one => {
    one.setAttribute("data-slide", "")
    if (one.querySelector("figure") && one.querySelector(".lead, .cards, .bullets")) one.classList.add("two")
  })
  const SMALLEST = .62
  let place = 0, told = { notes: [], words: {} }

  // A slide is drawn larger or smaller until it fills the screen; one that would become too small to read is scrolled instead.
  function fit() {
    const slide = slides[place]
    slide.style.zoom = 1
    slide.style.margin = 0
    const room = (panel.classList.contains("open") ? window.innerHeight - panel.offsetHeight : window.innerHeight) - 40
    const whole = Math.min((window.innerWidth * .95) / slide.offsetWidth, room / slide.scrollHeight, 2.2)
    const scale = Math.max(whole, Math.min(SMALLEST, (window.innerWidth * .95) / slide.offsetWidth))
    slide.style.zoom = scale
    slide.style.marginLeft = `${Math.max(0, (window.innerWidth / scale - slide.offsetWidth) / 2)}px`
    slide.style.marginTop = `${Math.max(0, (room / scale - slide.scrollHeight) / 2) + 16 / scale}px`
    document.body.style.height = panel.classList.contains("open") ? `${window.innerHeight - panel.offsetHeight}px` : "100%"
  }

  function show() {
    slides.forEach((one, index) => one.classList.toggle("now", index === place))
    bar.textContent = `${place + 1} / ${slides.length}`
    const lines = told.notes[place] || []
    panel.replaceChildren(...(lines.length ? lines : [told.words.nothing]).map(line => {
      const made = document.createElement("p")
      made.textContent = line
      return made
    }))
    document.body.scrollTop = 0
    fit()
  }

  function enter() {
    if (!slides.length) return
    document.documentElement.classList.add("slides")
    show()
    document.body.tabIndex = -1
    document.body.focus()
  }

  function leave() {
    document.documentElement.classList.remove("slides")
    panel.classList.remove("open")
    slides.forEach(one => {
      one.classList.remove("now")
      one.style.zoom = one.style.margin = ""
    })
    document.body.style.height = ""
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
