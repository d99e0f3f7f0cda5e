// Three small charts. Each is a figure whose table says the same; the drawing itself is hidden from screen readers.
import { html } from "../vendor/ui.js";
import { t } from "../i18n/words.js";
import { hueOf } from "../shell/hues.js";
import { length } from "../time/show.js";

/** @typedef {{label: string, value: number}} Point */

const WIDTH = 320, HEIGHT = 160, LEFT = 40, BOTTOM = 22, TOP = 12;
const FULL = HEIGHT - TOP - BOTTOM;
const RADIUS = 54;
/** Heights that a clock likes, for minutes; for counts, the even numbers. */
const CEILINGS = { minutes: [30, 60, 120, 240, 360, 480, 720, 960, 1440], count: [4, 8, 12, 20, 40, 100] };

/** The lowest round height that holds all. @param {Point[]} points @param {"minutes" | "count"} unit */
export function ceiling(points, unit) {
  const most = Math.max(0, ...points.map(({ value }) => value));
  return CEILINGS[unit].find((step) => step >= most) ?? Math.ceil(most / 600) * 600;
}

/** @param {{title: string, points: Point[], head: string, unit: "minutes" | "count", children: unknown}} props */
const Figure = ({ title, points, head, unit, children }) => html`<figure class="card chart"><figcaption>${title}</figcaption>${children}
  <details><summary>${t("as_table")}</summary><table><caption class="hidden">${title}</caption><thead><tr><th scope="col">${head}</th><th scope="col">${t(unit === "minutes" ? "minutes_planned" : "sessions")}</th></tr></thead>
  <tbody>${points.map(({ label, value }) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</tbody></table></details></figure>`;

/** @param {{points: Point[], top: number, children: unknown}} props */
function Axes({ points, top, children }) {
  return html`<svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
    ${[0, top / 2, top].map((value) => { const y = TOP + (1 - value / top) * FULL; return html`<line class="rule" x1=${LEFT} x2=${WIDTH} y1=${y} y2=${y} /><text class="mark" x=${LEFT - 6} y=${y + 4} text-anchor="end">${value}</text>`; })}
    ${points.map(({ label }, index) => html`<text class="mark" x=${LEFT + ((index + 0.5) * (WIDTH - LEFT)) / points.length} y=${HEIGHT - 5} text-anchor="middle">${label}</text>`)}
    ${children}</svg>`;
}

/** @param {{title: string, points: Point[], head: string, unit: "minutes" | "count"}} props */
export function Bars({ title, points, head, unit }) {
  const top = ceiling(points, unit), slot = (WIDTH - LEFT) / points.length;
  return html`<${Figure} ...${{ title, points, head, unit }}><${Axes} points=${points} top=${top}>
    ${points.map(({ value }, index) => html`<rect class="rise" x=${LEFT + index * slot + slot * 0.2} width=${slot * 0.6} rx="3" y=${TOP + FULL * (1 - value / top)} height=${(FULL * value) / top} />`)}<//><//>`;
}

/** The days that are still ahead have no value yet, so the line ends before them. @param {{title: string, points: Point[], head: string, unit: "minutes" | "count", ahead: number}} props */
export function Line({ title, points, head, unit, ahead }) {
  const top = ceiling(points, unit), slot = (WIDTH - LEFT) / points.length;
  const dots = points.slice(0, points.length - ahead).map(({ value }, index) => [LEFT + (index + 0.5) * slot, TOP + (1 - value / top) * FULL]);
  return html`<${Figure} ...${{ title, points, head, unit }}><${Axes} points=${points} top=${top}>
    <polyline class="line" points=${dots.map((dot) => dot.join(",")).join(" ")} />${dots.map(([x, y]) => html`<circle class="dot" cx=${x} cy=${y} r="3.5" />`)}<//><//>`;
}

/** Shares of a whole; with nothing in it, an empty ring. @param {{title: string, points: Point[], head: string}} props */
export function Donut({ title, points, head }) {
  const total = points.reduce((sum, { value }) => sum + value, 0), round = 2 * Math.PI * RADIUS;
  let before = 0;
  const arcs = points.filter(({ value }) => value > 0).map(({ label, value }) => {
    const share = (value / total) * round, start = before, gap = share > 6 && share < round ? 3 : 0;
    before += share;
    return html`<circle class=${`arc hue-${hueOf(label)}`} cx="80" cy="80" r=${RADIUS} stroke-dasharray=${`${share - gap} ${round - share + gap}`} stroke-dashoffset=${-start} transform="rotate(-90 80 80)" />`;
  });
  return html`<${Figure} ...${{ title, points, head, unit: "minutes" }}><div class="donut"><svg viewBox="0 0 160 160" aria-hidden="true" focusable="false"><circle class="ring" cx="80" cy="80" r=${RADIUS} />${arcs}
    <text x="80" y="86" class="total" text-anchor="middle">${length(total)}</text></svg>
    <ul class="legend">${points.map(({ label, value }) => html`<li><i class=${`hue-${hueOf(label)}`}></i><bdi>${label}</bdi> <b>${length(value)}</b></li>`)}</ul></div><//>`;
}
