
// Everything here is a convenience: the page is complete without it.
const themes = ["auto", "light", "dark"], button = document.getElementById("theme");
const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const wear = theme => {
  document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
  button.textContent = "Theme: " + theme;
  try { localStorage.setItem("theme", theme); } catch { /* private windows remember nothing */ }
};
let theme = themes.includes(remembered()) ? remembered() : "auto";
wear(theme);
button.hidden = false;
button.addEventListener("click", () => wear(theme = themes[(themes.indexOf(theme) + 1) % themes.length]));

// A heading sorts its column: by data-sort where a cell has it, else by its text.
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
      const key = row => row.cells[column].dataset.sort ?? row.cells[column].textContent;
      const order = (a, b) => down * key(a).localeCompare(key(b), undefined, { numeric: true });
      const byNumber = (a, b) => down * (Number(key(a)) - Number(key(b)));
      const rows = [...body.rows];
      const isNumber = row => key(row) !== "" && Number.isFinite(Number(key(row)));
      const known = rows.filter(row => isNumber(row));
      const sorted = known.length && rows.every(row => isNumber(row) || row.cells[column].dataset.sort === undefined)
        ? [...known.sort(byNumber), ...rows.filter(row => !isNumber(row))] : rows.sort(order);
      body.append(...sorted);
    });
  });
}
