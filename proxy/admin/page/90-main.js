// SPDX-License-Identifier: Apache-2.0
// What is shown, kept in the address so that a view can be kept and shared; keys; announcements.

const view = { name: 'list', id: null, filter: {} };

function read_address() {
  const said = new URLSearchParams(location.hash.slice(1));
  view.name = said.get('view') === 'setup' ? 'setup' : 'list';
  view.id = said.get('id');
  view.filter = Object.fromEntries(FILTERS.map((name) => [name, said.get(name)]).filter(([, value]) => value));
}

function write_address(push) {
  const said = new URLSearchParams(view.filter);
  if (view.name !== 'list') said.set('view', view.name);
  if (view.id) said.set('id', view.id);
  history[push ? 'pushState' : 'replaceState'](null, '', `#${said}`);
}

function set_filter(filter) {
  view.filter = filter;
  rows_shown = PAGE_ROWS;
  write_address(false);
  render();
}

function open_story(id, focus) {
  view.id = id;
  write_address(true);
  render();
  if (focus && matchMedia('(max-width: 60rem)').matches) by_id('story').focus();
}

function close_story() {
  const id = view.id;
  view.id = null;
  write_address(true);
  render();
  document.querySelector(`.row[data-id="${CSS.escape(id ?? '')}"]`)?.focus();
}

function render_top() {
  by_id('skip').textContent = word('skip');
  by_id('list-title').textContent = word('list_title');
  by_id('version').textContent = store.status?.version ?? '';
  const tab = (name, label) => el('a', { href: name === 'list' ? '#' : `#view=${name}`, 'aria-current': view.name === name ? 'page' : null }, label);
  by_id('views').setAttribute('aria-label', 'cosdiag');
  by_id('views').replaceChildren(tab('list', word('diagnoses')), tab('setup', word('setup')));
  const state = by_id('link-state');
  if (state.textContent !== word(store.link)) state.textContent = word(store.link);
  state.dataset.state = store.link;
  document.title = store.groups.length ? `(${store.groups.length}) cosdiag` : 'cosdiag';
}

function render_switches() {
  const dark = document.documentElement.dataset.theme === 'dark';
  const button = (id, label, title, onclick) => el('button', { type: 'button', class: 'quiet', id, title, onclick }, label);
  by_id('switches').replaceChildren(
    button('language', word('language'), word('language_hint'), () => {
      choose_language(language === 'zh' ? 'en' : 'zh');
      keep('language', language);
      render_switches();
      render();
      by_id('language').focus();
    }),
    button('theme', word(dark ? 'theme_light' : 'theme_dark'), word('theme'), () => {
      keep('theme', dark ? 'light' : 'dark');
      apply_theme();
      render_switches();
      by_id('theme').focus();
    }),
  );
}

function render_notices() {
  by_id('notices').replaceChildren(
    ...store.notices.map((notice) =>
      el(
        'p',
        { class: notice.kind === 'barred' ? 'notice bad' : 'notice', role: 'status' },
        word(notice.kind, ...notice.values),
        el('button', { type: 'button', class: 'quiet', onclick: () => ((store.notices = store.notices.filter((other) => other !== notice)), render_notices()) }, word('dismiss')),
      ),
    ),
  );
}

function render(fresh_id) {
  render_top();
  render_notices();
  by_id('view-list').hidden = view.name !== 'list';
  by_id('view-setup').hidden = view.name !== 'setup';
  if (view.name === 'setup') {
    render_setup();
    return;
  }
  const none = store.groups.length === 0;
  by_id('filters').hidden = none;
  by_id('panes').toggleAttribute('data-empty', none);
  if (none) {
    by_id('chart').hidden = true;
    if (store.link === 'loading') by_id('rows-pane').replaceChildren(el('p', { class: 'empty' }, word('loading')));
    else render_empty();
  } else {
    render_filters();
    render_chart(render_rows(fresh_id));
  }
  render_story();
}

// Many entries in a moment are one change of the page, and one announcement.
let planned = null;
let fresh = [];

store.changed = (entry) => {
  if (entry) fresh.push(entry);
  planned ??= setTimeout(() => {
    planned = null;
    const news = fresh;
    fresh = [];
    render(news.length ? fold_of(news.at(-1)) : undefined);
    if (news.length === 1) by_id('announcer').textContent = word('new_403', `${cause_title(first_cause(news[0]).cause)}, ${revealed(subject(news[0]))}`);
    if (news.length > 1) by_id('announcer').textContent = word('new_403s', news.length);
  }, 100);
};

const kept = (name) => {
  try {
    return localStorage.getItem(`cosdiag.${name}`);
  } catch {
    return null;
  }
};

function keep(name, value) {
  try {
    localStorage.setItem(`cosdiag.${name}`, value);
  } catch {
    // Where nothing may be kept, the choice holds for this page.
    document.documentElement.dataset[name] = value;
  }
}

const prefers_dark = matchMedia('(prefers-color-scheme: dark)');

function apply_theme() {
  document.documentElement.dataset.theme = kept('theme') ?? (prefers_dark.matches ? 'dark' : 'light');
}

const MOVES = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, Home: -Infinity, End: Infinity };

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || view.name !== 'list') return;
  const typing = event.target.closest('input, select, textarea, pre');
  if (event.key === 'Escape' && view.id && !typing) close_story();
  else if (event.key === '/' && !typing) (event.preventDefault(), by_id('filters').elements.text?.focus());
  else if (!typing && event.key in MOVES && (event.target === document.body || event.target.closest('#rows, #main:focus'))) {
    event.preventDefault();
    move_focus(MOVES[event.key]);
  }
});

by_id('filters').addEventListener('submit', (event) => event.preventDefault());
by_id('filters').addEventListener('input', () => {
  const { elements } = by_id('filters');
  set_filter(Object.fromEntries(FILTERS.map((name) => [name, elements[name].value]).filter(([, value]) => value)));
});
addEventListener('hashchange', () => (read_address(), render()));
addEventListener('popstate', () => (read_address(), render()));
prefers_dark.addEventListener('change', () => (apply_theme(), render_switches()));

async function start() {
  apply_theme();
  read_address();
  choose_language(kept('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));
  render_switches();
  render();
  await connect();
  if (!kept('language') && language === 'en' && store.status) choose_language(store.status.language);
  render_switches();
  render();
  setInterval(async () => {
    if (document.hidden || store.link !== 'live') return;
    store.status = await get_json('api/status').catch(() => store.status);
    if (view.name === 'setup') render_setup();
  }, 15_000);
}

start();
