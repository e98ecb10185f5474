// SPDX-License-Identifier: Apache-2.0
// What the list is narrowed by. The choices are those that there are.

let drawn_choices = '';

/** The values that entries have for a filter, by name; the one chosen is among them, even if nothing has it. */
function choices(name) {
  const found = new Set(view.filter[name] ? [view.filter[name]] : []);
  for (const { entry } of store.records) {
    if (name === 'cause') for (const { cause } of entry.causes) found.add(cause);
    else if (entry.request[name])
      found.add(name === 'action' ? entry.request.action.replace('name/cos:', '') : entry.request[name]);
  }
  const label = name === 'cause' ? title_of : (value) => value;
  return [...found].map((value) => [value, label(value)]).sort((a, b) => a[1].localeCompare(b[1], TAGS[language]));
}

function draw_filters() {
  const form = by_id('filters');
  const all = { bucket: choices('bucket'), cause: choices('cause'), action: choices('action') };
  const sign = language + JSON.stringify(all);
  const choosing = document.activeElement?.matches('#filters select'); // its list may be open
  if (sign !== drawn_choices && !choosing) {
    drawn_choices = sign;
    const focused = form.contains(document.activeElement) ? document.activeElement.name : null;
    fill_filters(form, all);
    if (focused) form.elements[focused]?.focus();
  }
  for (const name of FILTERS) {
    const field = form.elements[name];
    if (field.value !== (view.filter[name] ?? '') && field !== document.activeElement) field.value = view.filter[name] ?? '';
  }
  by_id('clear').hidden = !is_filtered();
}

function fill_filters(form, all) {
  const before = form.elements.text?.value;
  const folded = form.querySelector('details');
  const label = (name, field) => el('label', {}, el('span', {}, say(name)), field);
  const input = (name) => el('input', { name, type: 'text', autocomplete: 'off', spellcheck: 'false', value: view.filter[name] });
  const select = (name) =>
    el(
      'select',
      { name },
      el('option', { value: '' }, say('any')),
      all[name].map(([value, text]) => el('option', { value, selected: value === view.filter[name] }, shown_text(text))),
    );
  const open = folded ? folded.open : FILTERS.some((name) => name !== 'text' && view.filter[name]);
  form.replaceChildren(
    el('input', {
      name: 'text',
      type: 'search',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: say('search'),
      'aria-label': say('search'),
      value: before ?? view.filter.text,
    }),
    el(
      'details',
      { open },
      el('summary', {}, say('filters')),
      el(
        'div',
        { class: 'filter-grid' },
        label('cause', select('cause')),
        label('bucket', select('bucket')),
        label('action', select('action')),
        label('key', input('key')),
      ),
    ),
    el('button', { type: 'button', id: 'clear', class: 'quiet', onclick: () => set_filter({}) }, say('clear')),
  );
}

function set_filter(filter) {
  view.filter = filter;
  history.replaceState(null, '', address_of({ page: view.page, id: view.id }));
  if (!is_filtered()) for (const name of FILTERS) by_id('filters').elements[name].value = '';
  changed('view');
}

function read_filters() {
  const { elements } = by_id('filters');
  set_filter(Object.fromEntries(FILTERS.map((name) => [name, elements[name].value]).filter(([, value]) => value)));
}
