"use strict";
// Values on hover and by keyboard, search, sorting, and the choice of light or dark. The page is whole without it.
(() => {
  const root = document.documentElement;
  root.classList.add("alive");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Light and dark.
  const toggle = document.getElementById("theme");
  toggle.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    toggle.setAttribute("aria-pressed", String(next === "dark"));
  });

  // Values.
  const tip = document.getElementById("tip");
  let marked = null;
  const hide = () => {
    tip.textContent = "";
    if (marked) marked.classList.remove("on");
    marked = null;
  };
  const text = (mark) => {
    const row = mark.parentNode.dataset.row;
    if (row === undefined) return mark.dataset.t;
    // A cell of a matrix: its row says its name, the chart those of the columns.
    const names = all("[data-column]", mark.ownerSVGElement).map((name) => name.dataset.column);
    const place = all("[data-t]", mark.parentNode).indexOf(mark);
    return row + "\n" + names[place] + "\n" + mark.dataset.t;
  };
  const show = (mark, x, y) => {
    hide();
    marked = mark;
    mark.classList.add("on");
    tip.textContent = text(mark);
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4)) + "px";
    tip.style.top = (y + box.height + 18 > innerHeight ? Math.max(4, y - box.height - 10) : y + 16) + "px";
  };
  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest && event.target.closest("[data-t]");
    if (mark) show(mark, event.clientX, event.clientY);
    else if (marked && !marked.ownerSVGElement.matches(":focus-visible")) hide();
  });
  for (const chart of all("svg.chart")) {
    const marks = all("[data-t]", chart);
    if (!marks.length) continue;
    chart.setAttribute("tabindex", "0");
    let place = -1;
    chart.addEventListener("keydown", (event) => {
      const width = Number(chart.dataset.width) || 1;
      const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: width, ArrowUp: -width };
      if (event.key === "Escape") return hide();
      if (event.key === "Home") place = 0;
      else if (event.key === "End") place = marks.length - 1;
      else if (event.key in steps) {
        place = place < 0 ? 0 : Math.min(Math.max(place + steps[event.key], 0), marks.length - 1);
      } else return;
      event.preventDefault();
      const box = marks[place].getBoundingClientRect();
      show(marks[place], box.left + box.width / 2, box.top + box.height / 2);
    });
    chart.addEventListener("blur", hide);
  }

  // Search.
  for (const input of all("input[data-filters]")) {
    const items = all("[data-find]", document.getElementById(input.dataset.filters));
    const count = document.getElementById(input.dataset.filters + "-count");
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      for (const item of items) {
        const found = item.dataset.find.toLowerCase().includes(wanted);
        item.classList.toggle("hidden", !found);
        shown += found;
      }
      count.textContent = shown + " of " + items.length;
    });
  }

  // Sorting.
  for (const table of all("table.sorts")) {
    const heads = all("thead th", table);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim().toLowerCase();
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [key(row), row]);
        const isEmpty = (value) => value === "";
        rows.sort(([a], [b]) => {
          if (isEmpty(a) || isEmpty(b)) return isEmpty(a) - isEmpty(b);
          const order = isNaN(a) || isNaN(b) ? (a < b ? -1 : a > b ? 1 : 0) : a - b;
          return down ? -order : order;
        });
        body.append(...rows.map(([, row]) => row));
      });
    });
  }
})();
