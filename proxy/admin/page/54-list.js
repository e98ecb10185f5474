// SPDX-License-Identifier: Apache-2.0
// What stands around the rows: how many, and what is said where there are none or no more.

function draw_counts() {
  const all = store.records.length;
  by_id('count').textContent = is_filtered()
    ? say('kept_of', list.fitting, all)
    : all
      ? say('kept', all, list.groups.length)
      : '';
}

/** What there is no more of: said at the end, where somebody looks for it. */
function draw_foot() {
  const lines = [];
  const { log } = store.status ?? {};
  if (store.loading && store.records.length) lines.push(say('loading_more'));
  if (!store.records.length) lines.push(say(link.state === 'loading' ? 'link_loading' : 'empty_list'));
  else if (!list.groups.length) lines.push(say('none_fit'));
  if (store.missed) lines.push(say('missed', store.missed));
  if (store.full) lines.push(say('page_full', MOST));
  if (store.forgotten && !store.loading) lines.push(say('forgotten', store.forgotten, log));
  by_id('list-foot').replaceChildren(...lines.map((line) => el('p', {}, prose(line))));
}

function draw_list() {
  by_id('list-title').textContent = say('list');
  by_id('rows').setAttribute('aria-label', say('list'));
  const none = !store.records.length;
  by_id('filters').hidden = none && !is_filtered();
  draw_filters();
  draw_rows();
  draw_chart();
  draw_counts();
  draw_foot();
}
