
// Everything here is a convenience: the page is complete without it.
const themes = ["auto", "light", "dark"], button = document.getElementById("theme");
const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const wear = theme => {
  document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
  const word = document.createElement("span"); // a phone has no room for it
  word.textContent = "Theme: ";
  button.replaceChildren(word, theme);
  button.ariaLabel = "Theme: " + theme;
  try { localStorage.setItem("theme", theme); } catch { /* private windows remember nothing */ }
};
let theme = themes.includes(remembered()) ? remembered() : "auto";
wear(theme);
button.hidden = false;
button.addEventListener("click", () => wear(theme = themes[(themes.indexOf(theme) + 1) % themes.length]));

// A heading sorts its column: numbers by data-sort, what has none last; words by their text.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  headings.forEach((heading, column) => {
    const sorter = document.createElement("button");
    sorter.type = "button";
    sorter.append(...heading.childNodes);
    heading.append(sorter);
    sorter.addEventListener("click", () => {
      const down = heading.ariaSort === "ascending" ? -1 : 1;
      headings.forEach(other => other.removeAttribute("aria-sort"));
      heading.ariaSort = down === 1 ? "ascending" : "descending";
      const rows = [...body.rows], cell = row => row.cells[column];
      const byText = (a, b) => down * cell(a).textContent.localeCompare(cell(b).textContent, undefined, { numeric: true });
      const byNumber = (a, b) => down * (cell(a).dataset.sort - cell(b).dataset.sort);
      const known = rows.filter(row => cell(row).dataset.sort !== undefined);
      body.append(...(heading.classList.contains("text") ? rows.sort(byText)
        : [...known.sort(byNumber), ...rows.filter(row => !known.includes(row))]));
    });
  });
}

// A click, or Enter, enlarges a picture beside the image it is of; arrow keys go to its neighbours, there and in the page.
const viewer = document.querySelector("dialog");
let current = null;
const tilesAround = tile => [...tile.closest(".gallery").querySelectorAll(".tile")];
const neighbour = (tile, key) => {
  const left = one => Math.round(one.getBoundingClientRect().left);
  const upright = key === "ArrowUp" || key === "ArrowDown", step = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  const line = tilesAround(tile).filter(other => !upright || left(other) === left(tile));
  return line[line.indexOf(tile) + step];
};
const framed = tile => { // with its outline
  const frame = document.createElement("span");
  Object.assign(frame.dataset, tile.dataset.outlined && { outlined: tile.dataset.outlined });
  frame.append(tile.querySelector("img").cloneNode());
  return frame;
};
const enlarge = tile => {
  current = tile;
  const original = tile.closest("section")?.querySelector("[data-original]");
  const shown = [...new Set([tile, original])].filter(Boolean);
  viewer.querySelector(".enlarged").replaceChildren(...shown.map(framed));
  const note = tile.querySelector("span");
  viewer.querySelector("[aria-live]").textContent = tile.querySelector("img").alt + (note ? ", " + note.textContent : "");
  for (const arrow of viewer.querySelectorAll("[data-key]")) arrow.ariaDisabled = !neighbour(tile, arrow.dataset.key);
};
const visit = tile => {
  if (!tile) return;
  if (viewer.open) enlarge(tile); else tile.focus();
};
for (const tile of document.querySelectorAll(".tile")) {
  tile.disabled = false;
  tile.tabIndex = tile === tilesAround(tile)[0] ? 0 : -1; // one stop a gallery on the way through the page
  tile.addEventListener("focus", () => tilesAround(tile).forEach(other => { other.tabIndex = other === tile ? 0 : -1; }));
  tile.addEventListener("click", () => { enlarge(tile); viewer.showModal(); });
}
document.querySelectorAll(".scripted").forEach(hint => { hint.hidden = false; });
document.addEventListener("keydown", event => {
  const tile = viewer.open ? current : event.target.closest(".tile");
  if (!tile || !event.key.startsWith("Arrow") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  visit(neighbour(tile, event.key));
});
viewer.addEventListener("click", event => {
  const arrow = event.target.closest("[data-key]");
  if (arrow) visit(neighbour(current, arrow.dataset.key));
  else if (event.target === viewer || event.target.closest("button")) viewer.close(); // the backdrop is the dialog's own
});
viewer.addEventListener("close", () => current.focus());
