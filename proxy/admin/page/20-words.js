// SPDX-License-Identifier: Apache-2.0
// Which language the page speaks, and how it says numbers, times and spans.

const LANGUAGES = { en: ENGLISH, zh: CHINESE };
const TAGS = { en: 'en-GB', zh: 'zh-CN' };
let language = 'en';

function say(name, ...values) {
  const words = LANGUAGES[language][name] ?? name;
  return typeof words === 'function' ? words(...values) : words;
}

function speak(choice) {
  language = choice === 'zh' ? 'zh' : 'en';
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

const in_figures = (count) => count.toLocaleString(TAGS[language]);

/** What the browser keeps of this page's settings; null where nothing was, or may be, kept. */
function kept(name) {
  try {
    return localStorage.getItem(`cosdiag.${name}`);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(`cosdiag.${name}`, value);
  } catch {
    // The choice holds until the page is left.
  }
}

const formats = new Map();

function formatted(time, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(TAGS[language], { hourCycle: 'h23', ...options }));
  return formats.get(key).format(time);
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' };
const MINUTE = { hour: '2-digit', minute: '2-digit' };
const DAY = { day: 'numeric', month: 'short' };

const is_today = (time) => new Date(time).toDateString() === new Date().toDateString();

const clock_of = (time) => formatted(time, CLOCK);

/** As short as it can be told: the day only where it is another. */
const moment_of = (time, clock = MINUTE) => formatted(time, is_today(time) ? clock : { ...DAY, ...MINUTE });

const full_time = (time) => `${formatted(time, { ...DAY, year: 'numeric' })} ${clock_of(time)} ${zone_of(time)}`;

/** The zone's offset, as `GMT+8`. */
const ZONE = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' });
const zone_of = (time) => ZONE.formatToParts(time).find(({ type }) => type === 'timeZoneName').value;

const UTC = { timeZone: 'UTC' };
const utc_day = (time) => formatted(time, { ...UTC, ...DAY, year: 'numeric' });
const utc_clock = (time) => formatted(time, { ...UTC, ...CLOCK });

/** A time in UTC, as COS and signatures count; the day only where it is not that of `near`. */
const utc = (time, near) =>
  `${near !== undefined && utc_day(near) === utc_day(time) ? '' : `${utc_day(time)} `}${utc_clock(time)} UTC`;

/** A span in its two greatest units, as diagnoses say it: `15 min`, `1 h 5 min`. Seconds alone up to two minutes. */
function span_of(milliseconds) {
  let rest = Math.abs(Math.round(milliseconds / 1000));
  if (rest < 120) return `${rest} ${say('units').s}`;
  const parts = [];
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ]) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count || parts.length) parts.push(count ? `${count} ${say('units')[unit]}` : '');
  }
  return parts.slice(0, 2).filter(Boolean).join(' ');
}
