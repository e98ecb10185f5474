// SPDX-License-Identifier: Apache-2.0
// A signature's time as a line, with COS's clock on it, and the client's where that is known; and the same in words.

const WINDOW = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) to (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** { begin, end, asked, cos, client } in ms, each absent where evidence does not tell it; null if there is nothing to draw. */
function times_of({ evidence }) {
  const told = (name) => evidence.find(({ what }) => what.startsWith(name))?.value ?? '';
  const moment = (text) => (MOMENT.test(text) ? Date.parse(text) : undefined);
  const window = WINDOW.exec(told('q-sign-time')) ?? evidence.map(({ value }) => WINDOW.exec(value)).find(Boolean);
  const cos = moment(told("COS's clock"));
  const offset = /^([+-]?\d+) s/.exec(told("client's clock minus COS's"))?.[1];
  const times = {
    begin: window ? Date.parse(window[1]) : undefined,
    end: window ? Date.parse(window[2]) : moment(told('end of the URL')),
    asked: moment(told('time of the request')),
    cos,
    client: offset && cos !== undefined ? cos + Number(offset) * 1000 : undefined,
  };
  times.client ??= times.asked;
  return cos !== undefined && (times.end ?? times.asked) !== undefined ? times : null;
}

function time_words({ begin, end, asked, cos, client }) {
  const words = [];
  const first = begin ?? end ?? asked;
  const clock = utc(cos, first);
  if (begin !== undefined) words.push(say('window', utc(begin), utc(end, begin), span_of(end - begin)));
  else if (end !== undefined) words.push(say('window_end', utc(end)));
  else words.push(say('signed_at', utc(asked)));
  if (end === undefined) words.push(say('clock_at', clock));
  else if (begin !== undefined && cos < begin) words.push(say('clock_before', clock, span_of(begin - cos)));
  else words.push(cos > end ? say('clock_after', clock, span_of(cos - end)) : say('clock_inside', clock));
  if (client !== undefined && Math.abs(client - cos) > 2000)
    words.push(say(client < cos ? 'client_behind' : 'client_ahead', span_of(client - cos)));
  return words.join(language === 'zh' ? '' : ' ');
}

/** Places on the line in percent of its width; what is nearer than a hair to a mark is still seen. */
function scale_of({ begin, end, cos, client }) {
  const known = [begin, end, cos, client].filter((time) => time !== undefined);
  const first = Math.min(...known);
  const whole = Math.max(Math.max(...known) - first, 1000);
  // A window whose begin is not told reaches in from the left.
  const room = begin === undefined && end !== undefined ? 24 : 3;
  return (time) => room + ((time - first) / whole) * (97 - room);
}

const anchor_of = (x) => (x < 22 ? 'start' : x > 78 ? 'end' : 'middle');

function tick(x, y, text, name) {
  return [
    svg('line', { x1: `${x}%`, x2: `${x}%`, y1: 24, y2: y - 14, class: name }),
    svg('circle', { cx: `${x}%`, cy: 36, r: 3.5, class: name }),
    svg('text', { x: `${x}%`, y, 'text-anchor': anchor_of(x), class: name }, text),
  ];
}

function draw_span(scale, { begin, end, cos }, short) {
  const from = begin === undefined ? 0 : scale(begin);
  const to = Math.max(scale(end), from + 0.8);
  const middle = (from + to) / 2;
  const label = begin === undefined ? `… – ${short(end)}` : `${short(begin)} – ${short(end)}`;
  const parts = [
    svg('rect', { x: `${from}%`, width: `${to - from}%`, y: 30, height: 12, rx: 3, class: 'window' }),
    svg(
      'text',
      { x: `${middle < 22 ? from : middle > 78 ? to : middle}%`, y: 18, 'text-anchor': anchor_of(middle), class: 'window' },
      label,
    ),
  ];
  const early = begin !== undefined && cos < begin;
  const [left, right] = early ? [scale(cos), from] : [to, scale(cos)];
  if (!early && cos <= end) return parts;
  parts.push(svg('line', { x1: `${left}%`, x2: `${right}%`, y1: 36, y2: 36, class: 'gap' }));
  if (right - left > 24) {
    const gap = early ? say('gap_early', span_of(begin - cos)) : say('gap_late', span_of(cos - end));
    parts.push(svg('text', { x: `${(left + right) / 2}%`, y: 56, 'text-anchor': 'middle', class: 'gap' }, gap));
  }
  return parts;
}

function draw_times(times) {
  const { begin, end, cos, client } = times;
  const days = new Set([begin, end, cos, client].filter((time) => time !== undefined).map(utc_day));
  const short = (time) => (days.size > 1 ? `${formatted(time, { ...UTC, ...DAY })} ` : '') + utc_clock(time);
  const scale = scale_of(times);
  const apart = client !== undefined && Math.abs(client - cos) > 2000;
  return el(
    'figure',
    { class: 'time-line' },
    svg(
      'svg',
      { 'aria-hidden': 'true', height: apart ? 104 : 84, width: '100%' },
      svg('line', { x1: 0, x2: '100%', y1: 36, y2: 36, class: 'rule' }),
      ...(end === undefined ? [] : draw_span(scale, times, short)),
      ...(apart ? tick(scale(client), 98, `${say('label_client')} ${short(client)}`, 'client') : []),
      ...tick(scale(cos), 78, `${say('label_cos')} ${short(cos)}`, 'cos'),
    ),
    el('figcaption', {}, time_words(times)),
  );
}
