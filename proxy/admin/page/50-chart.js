// SPDX-License-Identifier: Apache-2.0
// How many refusals there were when, by cause: bars for the eye, a table for who cannot see them.

const BARS = 40;
const SPANS = [60, 300, 900, 3600, 3 * 3600, 12 * 3600, 86_400]; // seconds a bar may stand for
const COLOURS = 5;

/** Bars that reach from the first of these entries to now, and the causes told apart in them. */
function bars_of(entries, now_ms) {
  const times = entries.map((entry) => Date.parse(entry.time));
  const oldest = times.reduce((least, time) => Math.min(least, time), now_ms);
  const span = (SPANS.find((each) => each * BARS * 1000 >= now_ms - oldest) ?? SPANS.at(-1)) * 1000;
  const begin = (Math.floor(now_ms / span) - BARS + 1) * span;
  const totals = new Map();
  const bars = Array.from({ length: BARS }, (_, at) => ({ at: begin + at * span, counts: new Map(), sum: 0 }));
  entries.forEach((entry, index) => {
    const bar = bars[Math.floor((times[index] - begin) / span)];
    if (!bar) return;
    const { cause } = first_cause(entry);
    bar.counts.set(cause, (bar.counts.get(cause) ?? 0) + 1);
    bar.sum += 1;
    totals.set(cause, (totals.get(cause) ?? 0) + 1);
  });
  const causes = [...totals].sort((a, b) => b[1] - a[1]).map(([cause, count]) => ({ cause, count }));
  return { bars, causes, span: span / 1000 };
}

/** Counts of one bar in the order of the colours; the last is for all other causes. */
function stacked(bar, named) {
  const counts = named.map((cause) => bar.counts.get(cause) ?? 0);
  return [...counts, bar.sum - counts.reduce((sum, count) => sum + count, 0)];
}

function render_chart(groups) {
  const entries = groups.flatMap((group) => group.tries);
  const place = by_id('chart');
  place.hidden = entries.length === 0;
  if (place.hidden) return;
  const { bars, causes, span } = bars_of(entries, Date.now());
  const named = causes.slice(0, COLOURS).map(({ cause }) => cause);
  const others = causes.slice(COLOURS).reduce((sum, { count }) => sum + count, 0);
  const top = Math.max(...bars.map((bar) => bar.sum), 1);
  const picture = svg('svg', { viewBox: '0 0 400 60', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  bars.forEach((bar, at) => {
    let y = 58;
    stacked(bar, named).forEach((count, colour) => {
      const height = (count / top) * 56;
      y -= height;
      if (count) picture.append(svg('rect', { x: at * 10 + 1, y, width: 8, height, class: `c${colour}` }));
    });
  });
  picture.append(svg('line', { x1: 0, x2: 400, y1: 59, y2: 59, class: 'axis', 'vector-effect': 'non-scaling-stroke' }));
  const legend = (text, colour) => el('span', {}, el('span', { class: `swatch c${colour}` }), text);
  place.replaceChildren(
    el(
      'figure',
      {},
      picture,
      el(
        'figcaption',
        {},
        el('span', {}, `${word('chart', entries.length, duration(span * BARS))}, ${word('per_bar', duration(span))}`),
        causes.slice(0, COLOURS).map(({ cause, count }, at) => legend(`${cause_title(cause)} ${count}`, at)),
        others ? legend(`${word('others')} ${others}`, COLOURS) : null,
      ),
    ),
    chart_table(bars, causes),
  );
}

function chart_table(bars, causes) {
  const filled = bars.filter((bar) => bar.sum);
  const table = el(
    'table',
    {},
    el('caption', {}, word('table')),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, word('time')), causes.map(({ cause }) => el('th', { scope: 'col' }, cause_title(cause))))),
    el(
      'tbody',
      {},
      filled.map((bar) =>
        el(
          'tr',
          {},
          el('th', { scope: 'row' }, full_time(bar.at)),
          causes.map(({ cause }) => el('td', {}, String(bar.counts.get(cause) ?? 0))),
        ),
      ),
    ),
  );
  return el('div', { class: 'unseen' }, table);
}
