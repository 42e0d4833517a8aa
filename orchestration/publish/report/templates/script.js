// A label of a mark is its tooltip. Without this script the page lacks nothing else.
(() => {
  const tip = Object.assign(document.createElement("div"), {id: "tip", hidden: true, ariaHidden: "true"});
  document.body.append(tip);
  document.addEventListener("pointerover", event => {
    const mark = event.target.closest?.(".picture [role=graphics-symbol][aria-label], .picture td[aria-label]");
    tip.hidden = !mark || mark.closest("[aria-hidden=true]") !== null;
    if (mark) tip.textContent = mark.getAttribute("aria-label");
  });
  document.addEventListener("pointermove", event => {
    const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    tip.style.translate = `${Math.max(8, left)}px ${event.clientY + (event.clientY > innerHeight - 80 ? -48 : 18)}px`;
  });
})();
