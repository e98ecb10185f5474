// SPDX-License-Identifier: Apache-2.0
// How often each cause came, and when: a line of bars for each, all to one scale. Each is a filter too.

const BINS = 36;
const WIDTHS = [10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800]; // seconds a bar stands for
const FEW = 4; // causes shown where there are many
let shows_all_causes = false;

/** { begin, width (ms), causes: [{ cause, count, bins }], most often first }. */
function tally(records, now) {
  const oldest = records.reduce((least, { time }) => Math.min(least, time), now);
  const width = (WIDTHS.find((each) => each * (BINS - 1) * 1000 >= now - oldest) ?? WIDTHS.at(-1)) * 1000;
  const begin = (Math.floor(now / width) - BINS + 1) * width;
  const found = new Map();
  for (const record of records) {
    const { cause } = first_cause(record);
    if (!found.has(cause)) found.set(cause, { cause, count: 0, bins: new Array(BINS).fill(0) });
    const each = found.get(cause);
    each.count += 1;
    const at = Math.floor((record.time - begin) / width);
    if (at >= 0) each.bins[Math.min(at, BINS - 1)] += 1;
  }
  return { begin, width, causes: [...found.values()].sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1)) };
}

function draw_bars({ bins }, top) {
  const bars = bins.map((count, at) => {
    const height = count ? Math.max((count / top) * 20, 1.6) : 0;
    return count ? svg('rect', { x: at * 4 + 0.5, y: 21 - height, width: 3, height }) : null;
  });
  const rule = svg('line', { x1: 0, x2: BINS * 4, y1: 21.5, y2: 21.5 });
  return svg('svg', { viewBox: `0 0 ${BINS * 4} 22`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, rule, ...bars);
}

function draw_cause(each, { begin, width, top }) {
  const most = Math.max(...each.bins);
  const from = begin + each.bins.indexOf(most) * width;
  const chosen = view.filter.cause === each.cause;
  const words = say('chart_row', each.count, most, moment_of(from), moment_of(from + width));
  const click = () => {
    const { cause, ...others } = view.filter;
    set_filter(cause === each.cause ? others : { ...others, cause: each.cause });
  };
  return el(
    'li',
    {},
    el(
      'button',
      { type: 'button', 'aria-pressed': String(chosen), onclick: click, 'data-cause': each.cause, title: `${title_of(each.cause)}: ${words}` },
      el('span', { class: 'name' }, title_of(each.cause)),
      draw_bars(each, top),
      el('span', { class: 'number', 'aria-hidden': 'true' }, in_figures(each.count)),
      unseen(`: ${words}`),
    ),
  );
}

function draw_chart() {
  const place = by_id('chart');
  const { begin, width, causes } = tally(store.records.filter((record) => fits(record, 'cause')), Date.now());
  place.hidden = causes.length < 1;
  if (place.hidden) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.cause ?? 'more' : null;
  const few = causes.length <= FEW + 1 || shows_all_causes ? causes.length : FEW;
  const picked = causes.filter(({ cause }, at) => at < few || cause === view.filter.cause);
  const top = Math.max(...causes.flatMap(({ bins }) => bins), 1);
  const more = () => {
    shows_all_causes = !shows_all_causes;
    draw_chart();
  };
  place.replaceChildren(
    el('h3', { class: 'unseen' }, say('chart')),
    el('ul', {}, picked.map((each) => draw_cause(each, { begin, width, top }))),
    el(
      'p',
      { class: 'axis' },
      causes.length > FEW + 1
        ? el('button', { type: 'button', class: 'plain', 'data-cause': 'more', 'aria-expanded': String(shows_all_causes), onclick: more }, shows_all_causes ? say('fewer') : say('others', causes.length - FEW))
        : el('span', {}),
      el('span', { class: 'times', 'aria-hidden': 'true' }, el('span', {}, moment_of(begin)), el('span', {}, say('now'))),
      el('span', {}),
    ),
  );
  if (focused) place.querySelector(`[data-cause="${CSS.escape(focused)}"]`)?.focus();
}
