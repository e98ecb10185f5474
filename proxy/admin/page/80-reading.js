// SPDX-License-Identifier: Apache-2.0
// Which page stands beside the list, drawn anew only when it says something else.

let drawn_reading = '';

/** What kind of page it is, and a sign of all that it depends on. */
function reading() {
  const record = view.id ? store.ids.get(view.id) : null;
  const told = `${language}${store.causes.size}`;
  const program = JSON.stringify([store.setup, store.status?.instance, store.status?.listeners, store.status?.https]);
  if (view.page === 'setup') return { kind: 'setup', sign: told + program };
  if (record) return { kind: 'story', sign: `${told}${view.id}`, record };
  if (view.id) return { kind: 'gone', sign: `${told}${view.id}${store.loading}${link.state === 'loading'}` };
  if (!store.status) return { kind: 'waiting', sign: told + link.state };
  const kind = store.records.length || store.loading ? 'overview' : 'first-steps';
  return { kind, sign: told + program };
}

function draw_reading() {
  const { kind, sign, record } = reading();
  const place = by_id('reading');
  const opened = view.page === 'setup' || Boolean(view.id);
  by_id('main').toggleAttribute('data-open', opened);
  by_id('main').toggleAttribute('data-empty', kind === 'first-steps');
  if (drawn_reading === kind + sign) {
    if (kind === 'story') refresh_story(record);
    else refresh_numbers();
    return;
  }
  const before = drawn_reading;
  drawn_reading = kind + sign;
  const had_focus = place.contains(document.activeElement) && document.activeElement !== place;
  place.className = kind;
  const DRAW = {
    setup: draw_setup,
    story: () => draw_story(record),
    gone: draw_gone,
    overview: draw_overview,
    'first-steps': draw_first_steps,
    waiting: () => [],
  };
  place.replaceChildren(...DRAW[kind]().filter(Boolean));
  if (before.split('{')[0] !== drawn_reading.split('{')[0]) place.scrollTop = 0;
  if (had_focus) focus_reading();
}

/** New tries, and new neighbours in the list, without disturbing who reads. */
function refresh_story(record) {
  renew(by_id('tries'), el('div', { id: 'tries' }, ...draw_tries(record)));
  renew(by_id('reading').querySelector('.toolbar'), draw_toolbar());
}

/** Puts `now` in the place of `before` where it says something else; the focus stays on what leads to the same. */
function renew(before, now) {
  if (!before || before.isEqualNode(now)) return;
  const address = before.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  before.replaceWith(now);
  if (address) now.querySelector(`[href="${CSS.escape(address)}"]`)?.focus({ preventScroll: true });
}

/** What the program counts; whoever reads or uses the rest of the page is left alone. */
function refresh_numbers() {
  if (!store.status) return;
  const DRAWN = { '.sights': () => draw_sights(store.status), '.program': () => draw_program(store) };
  for (const [name, draw] of Object.entries(DRAWN)) {
    const before = by_id('reading').querySelector(name);
    if (before) renew(before, draw());
  }
}

function focus_reading() {
  by_id('story-title')?.focus({ preventScroll: true });
}
