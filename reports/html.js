"use strict";
// Draws the charts over their still pictures when they come near the screen. Where this cannot run, the still pictures stay.
(() => {
  const charts = [...document.querySelectorAll("figure[data-chart]")];
  const packed = document.getElementById("plotly");
  if (!charts.length || !packed || !("DecompressionStream" in window) || !("IntersectionObserver" in window)) return;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const painted = (value) => {
    if (typeof value === "string") return value.startsWith("@") ? colour(value.slice(1)) : value;
    if (Array.isArray(value)) return value.map(painted);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, painted(one)]));
    return value;
  };

  let asked;
  const library = () => (asked ??= (async () => {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (one) => one.charCodeAt(0));
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    const script = document.createElement("script");
    script.textContent = text;
    document.head.append(script);
    return window.Plotly;
  })());

  // As many labels under the picture as there is room for, the last one among them.
  const thinned = (layout, told, width) => {
    if (!told.foot) return;
    const every = Math.max(1, Math.ceil((told.foot.length * (told.longest * 6.2 + 8)) / Math.max(1, width - 70)));
    const kept = told.foot.map((_, place) => place).filter((place) => (told.foot.length - 1 - place) % every === 0);
    layout.xaxis.tickvals = kept;
    layout.xaxis.ticktext = kept.map((place) => told.foot[place]);
  };

  const draw = async (figure) => {
    const Plotly = await library();
    const told = JSON.parse(figure.querySelector("script").textContent);
    const live = figure.querySelector(".live");
    figure.classList.add("drawn");
    const layout = painted(told.layout);
    layout.font = { ...layout.font, family: getComputedStyle(document.body).fontFamily, color: colour("soft") };
    layout.hoverlabel = { bgcolor: colour("paper"), bordercolor: colour("axis"), font: { color: colour("ink"), size: 13 }, align: "left" };
    // A picture that needs more room than a phone has is moved sideways instead of losing its labels.
    if (told.least > live.clientWidth) layout.width = told.least;
    thinned(layout, told, Math.max(live.clientWidth, told.least ?? 0));
    await Plotly.react(live, painted(told.data), layout, { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false });
    figure.dataset.drawn = "yes";
  };

  const seen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      seen.add(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "400px" });
  charts.forEach((figure) => watcher.observe(figure));

  const again = () => seen.forEach(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  let width = innerWidth, waiting;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(again, 150);
  });
})();
