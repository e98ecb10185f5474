// SPDX-License-Identifier: Apache-2.0
// Which page stands beside the list, drawn anew only when it says something else.

let drawn_reading = '';

/** What kind of page it is, and a sign of all that it depends on. */
function reading() {
  const record = view.id ? store.ids.get(view.id) : null;
  const told = `${language}${store.causes.size}`;
  if (view.page === 'setup') return { kind: 'setup', sign: `${told}${JSON.stringify([store.status && { ...store.status, now: 0 }, store.setup])}` };
  if (record) return { kind: 'story', sign: `${told}${view.id}`, record };
  if (view.id) return { kind: 'gone', sign: `${told}${view.id}${store.loading}${link.state === 'loading'}` };
  if (!store.status) return { kind: 'waiting', sign: told + link.state };
  const { https, listeners, counts } = store.status;
  const kind = store.records.length || store.loading ? 'overview' : 'first-steps';
  return { kind, sign: JSON.stringify([told, https, listeners, counts.blind_tunnels, counts.trust_failures, store.setup]) };
}

function draw_reading() {
  const { kind, sign, record } = reading();
  const place = by_id('reading');
  const opened = view.page === 'setup' || Boolean(view.id);
  by_id('main').toggleAttribute('data-open', opened);
  by_id('main').toggleAttribute('data-empty', kind === 'first-steps');
  if (kind === 'story' && drawn_reading === kind + sign) refresh_story(record);
  if (drawn_reading === kind + sign) return;
  const before = drawn_reading;
  drawn_reading = kind + sign;
  const had_focus = place.contains(document.activeElement) && document.activeElement !== place;
  place.className = kind;
  const DRAW = { setup: draw_setup, story: () => draw_story(record), gone: draw_gone, overview: draw_overview, 'first-steps': draw_first_steps, waiting: () => [] };
  place.replaceChildren(...DRAW[kind]().filter(Boolean));
  if (before.split('{')[0] !== drawn_reading.split('{')[0]) place.scrollTop = 0;
  if (had_focus) focus_reading();
}

/** New tries, and new neighbours in the list, without disturbing who reads. */
function refresh_story(record) {
  const tries = draw_tries(record);
  if (by_id('tries').textContent !== tries.map(({ textContent }) => textContent).join('')) by_id('tries').replaceChildren(...tries);
  const toolbar = by_id('reading').querySelector('.toolbar');
  if (toolbar && !toolbar.contains(document.activeElement)) toolbar.replaceWith(draw_toolbar());
}

function focus_reading() {
  by_id('story-title')?.focus({ preventScroll: true });
}
