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
      {
        type: 'button',
        'aria-pressed': String(chosen),
        onclick: click,
        'data-cause': each.cause,
        title: `${title_of(each.cause)}: ${words}`,
      },
      el('span', { class: 'name' }, title_of(each.cause)),
      draw_bars(each, top),
      el('span', { class: 'number', 'aria-hidden': 'true' }, in_figures(each.count)),
      unseen(`: ${words}`),
    ),
  );
}

/** The time that the bars span, and behind a button the causes for which there was no room. */
function draw_axis(begin, hidden) {
  const more = () => {
    shows_all_causes = !shows_all_causes;
    draw_chart();
  };
  const words = shows_all_causes ? say('fewer') : say('others', hidden);
  const attributes = { type: 'button', class: 'plain', 'data-cause': 'more', 'aria-expanded': String(shows_all_causes) };
  return el(
    'p',
    { class: 'axis' },
    hidden ? el('button', { ...attributes, onclick: more }, words) : el('span'),
    el('span', { class: 'times', 'aria-hidden': 'true' }, el('span', {}, moment_of(begin)), el('span', {}, say('now'))),
    el('span'),
  );
}

function draw_chart() {
  const place = by_id('chart');
  if (place.querySelector('button:active')) return; // a press must end on what it began on
  const fitting = store.records.filter((record) => fits(record, 'cause'));
  const { begin, width, causes } = tally(fitting, Date.now());
  place.hidden = causes.length === 0;
  if (place.hidden) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.cause : null;
  const many_causes = causes.length > FEW + 1;
  const picked = causes.filter(({ cause }, at) => !many_causes || shows_all_causes || at < FEW || cause === view.filter.cause);
  const top = Math.max(...causes.flatMap(({ bins }) => bins), 1);
  const rows = picked.map((each) => draw_cause(each, { begin, width, top }));
  place.replaceChildren(
    el('h3', { class: 'unseen' }, say('chart')),
    el('ul', {}, rows),
    draw_axis(begin, many_causes ? causes.length - FEW : 0),
  );
  if (focused) place.querySelector(`[data-cause="${CSS.escape(focused)}"]`)?.focus();
}
