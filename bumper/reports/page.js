"use strict";
(() => {
  const table = document.getElementById("all");
  const form = document.getElementById("filter");
  if (!table || !form) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const count = document.getElementById("count");
  const search = form.elements.namedItem("search");
  const registry = form.elements.namedItem("registry");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const text = (row, cell) => (row.cells[cell] ? row.cells[cell].textContent.trim() : "");
  const host = (row) => {
    const first = text(row, 0).split("/")[0];
    return text(row, 0).includes("/") && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
  };
  const texts = rows.map((row) => row.textContent.toLowerCase());
  [...new Set(rows.map(host))].sort().forEach((name) => registry.add(new Option(name, name)));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !(
        kinds.has(text(row, 4)) &&
        (!registry.value || registry.value === host(row)) &&
        words.every((word) => texts[index].includes(word))
      );
      if (!row.hidden) shown += 1;
    });
    count.textContent = `${shown} of ${rows.length} shown`;
  };

  const order = boxes.map((box) => box.value);
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const days = (row) => (text(row, 5) === "" ? -1 : parseInt(text(row, 5), 10));
  const sort = (head, cell) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const ranks = new Map(rows.map((row) => [row, order.indexOf(text(row, 4))]));
    const sorted = [...rows].sort((one, other) => {
      if (cell === 4) return ranks.get(one) - ranks.get(other);
      if (cell === 5) return days(one) - days(other);
      return compare(text(one, cell), text(other, cell));
    });
    body.append(...(up ? sorted : sorted.reverse()));
  };

  [...table.tHead.rows[0].cells].forEach((head, cell) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head, cell));
    head.replaceChildren(button);
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter, 0));
  form.hidden = false;
  filter();
})();
