// Heads of the table become buttons that sort it. Without a script, the table is as it was written: the dearest first.
const collator = new Intl.Collator("en", { numeric: true });

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.querySelectorAll("th[data-sort]")];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table, column, head.dataset.sort === "number", down ? -1 : 1);
    });
  });
}

function sort(table, column, numbers, direction) {
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => {
    const cell = row.cells[column];
    return { row, key: numbers ? Number(cell.querySelector("data").value) : cell.textContent.trim() };
  });
  keyed.sort((a, b) => direction * (numbers ? a.key - b.key : collator.compare(a.key, b.key)));
  body.append(...keyed.map(({ row }) => row));
}
