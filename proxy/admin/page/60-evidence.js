// SPDX-License-Identifier: Apache-2.0
// Evidence that is better seen than read: two strings side by side, a signature's time as a line.

// What the client sent or signed, and what COS received, by the names that evidence gives them.
const OURS = /^(as sent:|as signed|signed as)/;
const THEIRS = /^(as COS received it:|as sent|sent as|sent)/;
const WINDOW = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) to (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/;
const CLOCK = /^COS's clock/;
const OFFSET = /^client's clock minus COS's/;

/** The first two pieces of evidence that are two readings of one thing. */
function find_pair(evidence) {
  const ours = evidence.find(({ what }) => OURS.test(what));
  const theirs = evidence.find((each) => each !== ours && THEIRS.test(each.what));
  return ours && theirs ? { ours, theirs } : null;
}

/** Both texts cut in three: what they share before, what differs, what they share behind. */
function difference(left, right) {
  const a = [...left];
  const b = [...right];
  const most = Math.min(a.length, b.length);
  let front = 0;
  while (front < most && a[front] === b[front]) front += 1;
  let back = 0;
  while (back < most - front && a[a.length - 1 - back] === b[b.length - 1 - back]) back += 1;
  const cut = (text) => [text.slice(0, front), text.slice(front, text.length - back), text.slice(text.length - back)].map((part) => part.join(''));
  return [cut(a), cut(b)];
}

function render_pair({ ours, theirs }) {
  const [left, right] = difference(ours.value, theirs.value);
  const side = (evidence, [before, middle, after], name) =>
    el(
      'div',
      { class: name },
      el('p', { class: 'label' }, evidence.what),
      el(
        'p',
        { class: 'text' },
        reveal_lines(before),
        el('mark', {}, el('span', { class: 'unseen' }, ` [${word('differs')}: `), middle === ' ' ? el('span', { class: 'ctl' }, 'U+0020') : reveal_lines(middle || ''), el('span', { class: 'unseen' }, `${middle ? '' : word('nothing')}] `)),
        reveal_lines(after),
      ),
    );
  return el('div', { class: 'pair' }, side(ours, left, 'ours'), side(theirs, right, 'theirs'));
}

/** The signature's time, COS's clock, and the client's if that is wrong, in milliseconds; null where one of the first is not told. */
function find_window(entry) {
  const { evidence } = first_cause(entry);
  const span = evidence.map(({ value }) => WINDOW.exec(value)).find(Boolean);
  const told = evidence.find(({ what }) => CLOCK.test(what))?.value ?? entry.response.date;
  const clock = Date.parse(told);
  if (!span || Number.isNaN(clock)) return null;
  const offset = parseInt(evidence.find(({ what }) => OFFSET.test(what))?.value, 10);
  return { begin: Date.parse(span[1]), end: Date.parse(span[2]), clock, client: offset ? clock + offset * 1000 : null };
}

const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');

function window_words({ begin, end, clock }) {
  const where =
    clock < begin
      ? word('before', duration((begin - clock) / 1000))
      : clock > end
        ? word('after', duration((clock - end) / 1000))
        : word('inside');
  return `${word('window', iso(begin), iso(end), duration((end - begin) / 1000))} ${where}`;
}

/** Drawn to scale, but that nothing becomes too narrow to see. */
function render_window(found) {
  const { begin, end, clock, client } = found;
  const first = Math.min(begin, clock, client ?? clock);
  const whole = Math.max(end, clock, client ?? clock) - first || 1;
  const x = (ms) => 20 + ((ms - first) / whole) * 560;
  const width = Math.max(x(end) - x(begin), 6);
  const anchor = (at) => (at < 150 ? 'start' : at > 450 ? 'end' : 'middle');
  const label = (at, y, text, kind) => svg('text', { x: at, y, 'text-anchor': anchor(at), class: kind }, text);
  return el(
    'div',
    { class: 'window' },
    svg(
      'svg',
      { viewBox: '0 0 600 70', 'aria-hidden': 'true' },
      svg('line', { x1: 20, x2: 580, y1: 38, y2: 38, class: 'rule' }),
      svg('rect', { x: x(begin), y: 30, width, height: 16, rx: 3, class: 'span' }),
      label(x(begin) + width / 2, 62, `${iso(begin).slice(11, 19)} – ${iso(end).slice(11, 19)}`, ''),
      svg('line', { x1: x(clock), x2: x(clock), y1: 20, y2: 50, class: 'now' }),
      label(x(clock), 14, `${word('cos_clock')} ${iso(clock).slice(11, 19)}`, 'now-text'),
      client ? svg('line', { x1: x(client), x2: x(client), y1: 20, y2: 50, class: 'client' }) : null,
      client ? label(x(client), 62, `${word('client_clock')} ${iso(client).slice(11, 19)}`, 'client-text') : null,
    ),
    el('p', {}, window_words(found)),
  );
}
