// The curve of a factor: corners as handles over the drawing, moved by pointer or arrow keys. The inputs in the table
// beside it are the truth; the handles write into them, and what is typed there moves the handles.
const [TOP, FLOOR] = [14, 226]; // as in health/curves.py
const SVG = "http://www.w3.org/2000/svg";
const LEAST = 2; // corners
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

class Curve extends HTMLElement {
  connectedCallback() {
    this.plot = this.querySelector("[data-plot]");
    this.place = this.querySelector("[data-handles]");
    this.line = this.plot.querySelector("path");
    this.body = this.querySelector("tbody");
    this.ends = [Number(this.getAttribute("low")), Number(this.getAttribute("high"))];
    this.handles = new Map();
    this.place.replaceChildren();
    this.addEventListener("input", () => this.draw());
    this.addEventListener("click", (event) => this.clicked(event));
    this.plot.addEventListener("dblclick", (event) => this.add(this.valueAt(event), this.pointsAt(event)));
    for (const button of this.querySelectorAll("[data-drop], [data-add]")) button.hidden = false;
    this.draw();
  }

  // Corners with both numbers, by value.
  get corners() {
    return [...this.body.rows]
      .map((row) => ({ row, value: this.input(row, "value").valueAsNumber, points: this.input(row, "points").valueAsNumber }))
      .filter(({ value, points }) => Number.isFinite(value) && Number.isFinite(points))
      .sort((one, other) => one.value - other.value);
  }

  input(row, name) {
    return row.querySelector(`[name=${name}]`);
  }

  get low() {
    return Math.min(this.ends[0], ...this.corners.map(({ value }) => value));
  }

  get high() {
    return Math.max(this.ends[1], ...this.corners.map(({ value }) => value));
  }

  // A step of the arrow keys: about a hundredth of the width, a round number.
  get step() {
    const rough = (this.ends[1] - this.ends[0]) / 100;
    const size = 10 ** Math.floor(Math.log10(rough));
    return [5, 2, 1].find((times) => rough >= times * size) * size;
  }

  rounded(value) {
    const places = clamp(-Math.floor(Math.log10(this.step)), 0, 12);
    return Number((Math.round(value / this.step) * this.step).toFixed(places));
  }

  across(value) {
    return ((value - this.low) / (this.high - this.low)) * 100;
  }

  down(points) {
    return FLOOR - (clamp(points, 0, 100) / 100) * (FLOOR - TOP);
  }

  valueAt({ clientX }) {
    const box = this.plot.getBoundingClientRect();
    return this.low + clamp((clientX - box.left) / box.width, 0, 1) * (this.high - this.low);
  }

  pointsAt({ clientY }) {
    return clamp(Math.round(((FLOOR - (clientY - this.plot.getBoundingClientRect().top)) / (FLOOR - TOP)) * 100), 0, 100);
  }

  draw() {
    const corners = this.corners;
    this.bars();
    if (corners.length) {
      const ends = [{ ...corners[0], value: this.low }, ...corners, { ...corners.at(-1), value: this.high }];
      this.line.setAttribute("d", `M${ends.map(({ value, points }) => `${this.across(value)} ${this.down(points)}`).join("L")}`);
    }
    for (const [row, handle] of this.handles) {
      if (corners.some((corner) => corner.row === row)) continue;
      handle.remove();
      this.handles.delete(row);
    }
    corners.forEach((corner, place) => this.show(corner, place));
  }

  bars() {
    for (const bar of this.plot.querySelectorAll("[data-from]")) {
      const [from, to] = [this.across(Number(bar.dataset.from)), this.across(Number(bar.dataset.to))];
      bar.setAttribute("x", `${from}%`);
      bar.setAttribute("width", `${Math.max(to - from - 0.3, 0.1)}%`);
    }
    const places = this.high - this.low < 5 ? 2 : this.high - this.low < 50 ? 1 : 0;
    for (const end of ["low", "high"]) this.plot.querySelector(`[data-${end}]`).textContent = this.told(this[end], places);
  }

  told(number, places = 3) {
    return number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: places });
  }

  show({ row, value, points }, place) {
    const handle = this.handles.get(row) ?? this.handle(row);
    handle.setAttribute("cx", `${this.across(value)}%`);
    handle.setAttribute("cy", this.down(points));
    handle.setAttribute("aria-label", this.dataset.corner.replace("%s", place + 1));
    handle.setAttribute("aria-valuenow", points);
    handle.setAttribute("aria-valuetext", this.dataset.said.replace("%(value)s", this.told(value)).replace("%(points)s", this.told(points)));
    if (this.place.children[place] !== handle) this.place.insertBefore(handle, this.place.children[place] ?? null);
  }

  handle(row) {
    const handle = document.createElementNS(SVG, "circle");
    const fixed = { class: "health-handle", r: 7, tabindex: 0, role: "slider", "aria-valuemin": 0, "aria-valuemax": 100 };
    for (const [name, value] of Object.entries(fixed)) handle.setAttribute(name, value);
    handle.addEventListener("keydown", (event) => this.pressed(event, row));
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.focus();
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) this.move(row, this.valueAt(event), this.pointsAt(event));
    });
    this.handles.set(row, handle);
    return handle;
  }

  pressed(event, row) {
    const times = event.shiftKey ? 10 : 1;
    const [value, points] = ["value", "points"].map((name) => this.input(row, name).valueAsNumber);
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (steps) this.move(row, value + steps[0] * this.step * times, points + steps[1] * times);
    else if (event.key === "Delete" || event.key === "Backspace") this.drop(row);
    else return;
    event.preventDefault();
  }

  // Put a corner somewhere, at least a step away from its neighbours.
  move(row, value, points) {
    const corners = this.corners;
    const place = corners.findIndex((corner) => corner.row === row);
    const low = place > 0 ? corners[place - 1].value + this.step : this.low;
    const high = place < corners.length - 1 ? corners[place + 1].value - this.step : this.high;
    const wanted = value === corners[place].value ? value : this.rounded(value);
    if (low <= high) this.input(row, "value").value = clamp(wanted, low, high);
    this.input(row, "points").value = clamp(Math.round(points), 0, 100);
    this.draw();
  }

  add(value, points) {
    const empty = [...this.body.rows].find((row) => !this.input(row, "value").value && !this.input(row, "points").value);
    const row = empty ?? this.body.appendChild(this.body.rows[0].cloneNode(true));
    this.input(row, "value").value = this.rounded(value);
    this.input(row, "points").value = points;
    this.draw();
    this.handles.get(row)?.focus();
  }

  // Into the middle of the widest gap.
  addBetween() {
    const corners = this.corners;
    if (corners.length < 2) return this.add((this.low + this.high) / 2, 50);
    const gaps = corners.slice(1).map((corner, place) => ({ width: corner.value - corners[place].value, left: corners[place], right: corner }));
    const { left, right } = gaps.reduce((widest, gap) => (gap.width > widest.width ? gap : widest));
    return this.add((left.value + right.value) / 2, Math.round((left.points + right.points) / 2));
  }

  drop(row) {
    if (this.corners.length <= LEAST) return;
    for (const name of ["value", "points"]) this.input(row, name).value = "";
    this.draw();
    this.place.firstElementChild?.focus();
  }

  clicked(event) {
    if (event.target.closest("[data-add]")) this.addBetween();
    const row = event.target.closest("[data-drop]")?.closest("tr");
    if (row) this.drop(row);
  }
}

customElements.define("cartera-curve", Curve);
