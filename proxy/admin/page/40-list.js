// SPDX-License-Identifier: Apache-2.0
// The list of refused calls, its filters, and the keyboard's way through it.

const PAGE_ROWS = 200;
let rows_shown = PAGE_ROWS;

const cause_title = (token) => store.causes.get(token)?.[language].title ?? token;

/** What was asked for, in short: method, bucket and key, or the URL. */
function subject(entry) {
  const { method, bucket, key, url, host } = entry.request;
  return `${method} ${bucket ? `${bucket}/${key ?? ''}` : (url ?? host ?? '')}`;
}

function render_filters() {
  const causes = [...new Set(store.groups.flatMap((group) => group.latest.causes.map(({ cause }) => cause)))].sort();
  const form = by_id('filters');
  const chosen = view.filter;
  if (chosen.cause && !causes.includes(chosen.cause)) causes.push(chosen.cause);
  const sign = [language, ...causes].join();
  if (form.dataset.sign === sign) {
    for (const name of FILTERS) if (document.activeElement !== form.elements[name]) form.elements[name].value = chosen[name] ?? '';
    return;
  }
  form.dataset.sign = sign;
  const field = (name, input) => el('label', {}, word(name === 'text' ? 'search' : name), input);
  const text = (name, type) =>
    field(name, el('input', { name, type, value: chosen[name], autocomplete: 'off', spellcheck: 'false' }));
  const select = el(
    'select',
    { name: 'cause' },
    el('option', { value: '' }, word('any')),
    causes.map((cause) => el('option', { value: cause, selected: cause === chosen.cause }, cause_title(cause))),
  );
  form.replaceChildren(
    text('text', 'search'),
    field('cause', select),
    text('bucket', 'text'),
    text('key', 'text'),
    text('action', 'text'),
    el('button', { type: 'button', class: 'quiet', onclick: () => set_filter({}) }, word('clear')),
  );
}

function render_row(group, fresh) {
  const entry = group.latest;
  const cause = first_cause(entry);
  const tries = group.tries.length;
  return el(
    'li',
    {},
    el(
      'button',
      {
        type: 'button',
        class: `row${fresh ? ' fresh' : ''}`,
        'data-id': group.id,
        'aria-current': group.id === view.id ? 'true' : null,
        tabindex: '-1',
        onclick: () => open_story(group.id, true),
      },
      el('time', { datetime: entry.time, title: full_time(entry.time) }, clock_time(entry.time)),
      el('span', { class: 'cause' }, cause_title(cause.cause)),
      el('span', { class: 'tries', title: tries > 1 ? word('tries_title', tries) : null }, tries > 1 ? word('tries', tries) : ''),
      el('span', { class: 'what' }, reveal(subject(entry))),
    ),
  );
}

/** All rows anew; the keyboard stays where it was. */
function render_rows(fresh_id) {
  const fitting = store.groups.filter((group) => fits(group, view.filter));
  const had_focus = document.activeElement?.closest?.('#rows') ? document.activeElement.dataset.id : null;
  const shown = fitting.slice(0, rows_shown);
  const list = el('ol', { id: 'rows', 'aria-label': word('list_title') }, shown.map((group) => render_row(group, group.id === fresh_id)));
  const rest = fitting.length - shown.length;
  const more = el(
    'button',
    { type: 'button', class: 'quiet more', hidden: rest === 0, onclick: () => ((rows_shown += PAGE_ROWS), render_rows()) },
    word('more', Math.min(rest, PAGE_ROWS)),
  );
  by_id('rows-pane').replaceChildren(
    el('p', { class: 'count' }, word('shown', fitting.length, store.groups.length)),
    fitting.length ? list : el('p', { class: 'soft' }, word('none_fit')),
    more,
  );
  const reachable = list.querySelector('[aria-current]') ?? list.querySelector('.row');
  reachable?.setAttribute('tabindex', '0');
  if (had_focus) list.querySelector(`[data-id="${CSS.escape(had_focus)}"]`)?.focus({ preventScroll: true });
  return fitting;
}

/** Moves the focus by so many rows, or to an end. */
function move_focus(by) {
  const rows = [...document.querySelectorAll('.row')];
  const at = rows.findIndex((row) => row === document.activeElement);
  const from = at < 0 ? rows.findIndex((row) => row.tabIndex === 0) : at;
  const to = rows[Math.min(Math.max((at < 0 ? from - Math.sign(by) : from) + by, 0), rows.length - 1)];
  if (!to) return;
  for (const row of rows) row.tabIndex = row === to ? 0 : -1;
  to.focus();
}

function render_empty() {
  const setup = store.setup ?? {};
  by_id('rows-pane').replaceChildren(
    el(
      'div',
      { class: 'empty' },
      el('h2', {}, word('empty_title')),
      el('p', {}, word('empty_text')),
      el(
        'ol',
        {},
        setup.shell ? el('li', {}, word('step_env'), code_block(setup.shell, word('shell'))) : null,
        setup.run ? el('li', {}, word('step_run'), code_block(setup.run, word('one'))) : null,
        el('li', {}, word('step_try')),
      ),
    ),
  );
}
