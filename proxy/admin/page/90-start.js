// SPDX-License-Identifier: Apache-2.0
// What moves the page: what has changed, the address, keys, and the beginning.

let planned = null;
const changes = new Set();

/** Something is different: 'entries', 'view', 'program', 'status', 'link'. Many changes in a moment are drawn at once. */
function changed(what) {
  changes.add(what);
  planned ??= setTimeout(draw_changes, 60);
}

function draw_changes() {
  planned = null;
  const all = [...changes];
  changes.clear();
  draw_link();
  if (all.some((what) => what !== 'status')) draw_list();
  draw_reading();
  draw_title();
}

function draw_all() {
  list.height = 0;
  draw_frame();
  draw_list();
  draw_reading();
  draw_title();
}

/** The address says what to show; who follows a link to a story is taken there. */
function follow_address() {
  const before = { ...view };
  read_address();
  if (view.id) list.cursor = store.ids.has(view.id) ? key_of(store.ids.get(view.id)) : list.cursor;
  draw_all();
  const opened = view.id || view.page === 'setup';
  if (opened && (view.id !== before.id || view.page !== before.page)) {
    if (getComputedStyle(by_id('list-pane')).display === 'none') scrollTo(0, 0);
    focus_reading();
  } else if (!opened && (before.id || before.page === 'setup')) {
    leave_story();
  }
}

/** Back in the list, on the row one came from. */
function leave_story() {
  const at = list.index.get(list.cursor);
  if (at === undefined) by_id('main').focus({ preventScroll: true });
  else focus_row(at);
}

const go_to = (address) => {
  if (address !== location.hash) location.hash = address;
};

function step_story(by) {
  const group = list.groups[chosen_row() + by];
  if (!group || chosen_row() < 0) return;
  history.replaceState(null, '', address_of({ id: group.latest.entry.id }));
  follow_address();
}

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

function step_list(by, from_row) {
  const at = list.index.get(list.cursor) ?? 0;
  focus_row(from_row ? Math.min(Math.max(at + by, 0), list.groups.length - 1) : at);
}

function on_key(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, select, textarea')) {
    if (key === 'Escape' && target.closest('#filters') && !target.value) step_list(0, false);
    return;
  }
  const letter = key.length === 1;
  if (letter && kept('keys') === 'off') return;
  const in_list = target.closest('#list-pane') || target === document.body || target === by_id('main');
  const in_story = view.id && target.closest('#reading');
  if (key === 'Escape' && (view.id || view.page === 'setup')) go_to(address_of({}));
  else if (key === '/') by_id('filters').elements.text?.focus();
  else if (in_story && letter && key in STEPS) step_story(STEPS[key]);
  else if (in_list && key in STEPS && !target.closest('#list-head button, summary'))
    step_list(STEPS[key], Boolean(target.closest('#rows')));
  else return;
  event.preventDefault();
}

function listen() {
  addEventListener('hashchange', follow_address);
  addEventListener('keydown', on_key);
  addEventListener('scroll', () => requestAnimationFrame(() => (draw_window(), draw_newer())), {
    capture: true,
    passive: true,
  });
  addEventListener('resize', () => ((list.height = 0), changed('view')));
  addEventListener('beforeprint', () => {
    for (const each of document.querySelectorAll('#reading details:not(.raw)')) each.open = true;
  });
  document.addEventListener('visibilitychange', () => {
    news.unread = 0;
    draw_title();
    read_status();
  });
  prefers_dark.addEventListener('change', apply_theme);
  by_id('rows').addEventListener('focusin', ({ target }) => (list.cursor = target.closest('li')?.dataset.key ?? list.cursor));
  by_id('filters').addEventListener('submit', (event) => event.preventDefault());
  by_id('filters').addEventListener('input', read_filters);
  by_id('retry').addEventListener('click', connect);
  by_id('newer').addEventListener('click', () => (scroll_rows(-sight().top), focus_row(0)));
  by_id('skip').addEventListener('click', (event) => (event.preventDefault(), step_list(0, false)));
  setInterval(() => link.state === 'lost' && draw_link(), 500);
  setInterval(read_status, 10_000);
  setInterval(() => document.hidden || changed('time'), 30_000);
}

/** What was chosen here before; else as the program, else as the browser speaks. */
async function choose_language() {
  const chosen = kept('language');
  speak((chosen ?? navigator.language).slice(0, 2));
  if (chosen) return;
  const status = await get_json('api/status').catch(() => null);
  speak(status?.language ?? navigator.language.slice(0, 2));
}

apply_theme();
read_address();
await choose_language();
listen();
draw_all();
connect();
