// SPDX-License-Identifier: Apache-2.0
// The rows of the list. However many there are, only those in sight, and a few around them, are in the document.

const AROUND = 6;
const list = { groups: [], index: new Map(), fitting: 0, height: 0, nodes: new Map(), cursor: null, newer: 0 };

/** What fits, folded; from the records as they are now. */
function read_list() {
  const fitting = is_filtered() ? store.records.filter((record) => fits(record)) : store.records;
  list.fitting = fitting.length;
  list.groups = fold(fitting);
  list.index = new Map(list.groups.map(({ key }, at) => [key, at]));
}

/** The row of the entry whose story is open, or -1. */
function chosen_row() {
  const record = view.id && store.ids.get(view.id);
  return record ? (list.index.get(key_of(record)) ?? -1) : -1;
}

function measure() {
  if (list.height) return;
  const probe = el('li', { class: 'row-place' });
  by_id('rows').append(probe);
  list.height = probe.getBoundingClientRect().height;
  probe.remove();
}

/** What the window shows of the rows, in pixels from their top. */
function sight() {
  const box = by_id('rows').getBoundingClientRect();
  const pane = by_id('list-pane').getBoundingClientRect();
  return { top: Math.max(pane.top, 0) - box.top, bottom: Math.min(pane.bottom, innerHeight) - box.top };
}

const is_scrolled = () => sight().top > list.height / 2;

/** Scrolls whichever of pane and page does scroll. */
function scroll_rows(by) {
  const pane = by_id('list-pane');
  if (pane.scrollHeight > pane.clientHeight && getComputedStyle(pane).overflowY === 'auto') pane.scrollTop += by;
  else scrollBy(0, by);
}

/** Reads and draws the list anew; who reads further down keeps the row that they see. */
function draw_rows() {
  measure();
  const scrolled = list.groups.length && is_scrolled();
  const anchor = scrolled ? Math.ceil(sight().top / list.height) : 0;
  const { key } = list.groups[anchor] ?? {};
  read_list();
  by_id('rows').style.height = `${list.groups.length * list.height}px`;
  if (scrolled) {
    const moved = (list.index.get(key) ?? anchor) - anchor;
    list.newer += Math.max(moved, 0);
    if (moved) scroll_rows(moved * list.height);
  }
  draw_window();
  draw_newer();
}

function draw_newer() {
  if (!is_scrolled()) list.newer = 0;
  const button = by_id('newer');
  button.hidden = list.newer === 0;
  if (list.newer) button.textContent = `↑ ${say('newer', list.newer)}`;
}

/** Brings the rows in sight into the document, and takes the others out. The one with the focus stays. */
function draw_window() {
  const { top, bottom } = sight();
  const focused = document.activeElement?.closest?.('#rows') ? document.activeElement.closest('li').dataset.key : null;
  const wanted = new Set();
  const last = Math.min(list.groups.length, Math.ceil(bottom / list.height) + AROUND);
  for (let at = Math.max(0, Math.floor(top / list.height) - AROUND); at < last; at += 1) wanted.add(at);
  for (const key of [focused, list.cursor]) if (list.index.has(key)) wanted.add(list.index.get(key));
  const places = [...wanted].sort((a, b) => a - b);
  const keys = new Set(places.map((at) => list.groups[at].key));
  for (const [key, node] of list.nodes) if (!keys.has(key)) (node.remove(), list.nodes.delete(key));
  const chosen = chosen_row();
  const reachable = list.index.get(list.cursor) ?? (chosen >= 0 ? chosen : 0);
  if (!wanted.has(reachable) && list.groups.length) places.push(reachable);
  places.forEach((at, order) => place_row(at, order, { chosen: at === chosen, reachable: at === reachable }));
  if (focused && document.activeElement === document.body) list.nodes.get(focused)?.firstChild.focus({ preventScroll: true });
}

function place_row(at, order, { chosen, reachable }) {
  const group = list.groups[at];
  const rows = by_id('rows');
  const older = list.groups[at - 1]?.latest.run > group.latest.run;
  const sign = [
    language,
    group.latest.entry.id,
    group.tries.length,
    chosen,
    older,
    store.causes.size,
    address_of({ id: '' }),
  ].join();
  let node = list.nodes.get(group.key);
  if (!node) list.nodes.set(group.key, (node = el('li', { class: 'row-place', 'data-key': group.key })));
  if (node.dataset.sign !== sign) {
    const had_focus = node.contains(document.activeElement);
    node.dataset.sign = sign;
    node.replaceChildren(row_of(group, chosen), older ? restart_line(group) : '');
    if (had_focus) node.firstChild.focus({ preventScroll: true });
  }
  node.firstChild.tabIndex = reachable ? 0 : -1;
  node.style.top = `${at * list.height}px`;
  node.setAttribute('aria-posinset', at + 1);
  node.setAttribute('aria-setsize', list.groups.length);
  if (rows.children[order] !== node) rows.insertBefore(node, rows.children[order] ?? null);
}

function row_of(group, chosen) {
  const record = group.latest;
  const { cause, confidence, summary } = first_cause(record);
  const tries = group.tries.length;
  return el(
    'a',
    { class: 'row', href: address_of({ id: record.entry.id }), 'aria-current': chosen ? 'true' : null, draggable: 'false' },
    mark_of(confidence),
    el('span', { class: 'title' }, title_of(cause)),
    el('time', { datetime: record.entry.time, title: full_time(record.time) }, moment_of(record.time, CLOCK)),
    sentence(summary, 'span', 'summary'),
    el('span', { class: 'subject' }, el('b', {}, shown(record.entry.request.method ?? '')), ' ', quoted(subject_of(record))),
    tries > 1 ? el('span', { class: 'tries' }, say('tries', tries)) : '',
    unseen(`, ${say(confidence)}`),
  );
}

const restart_line = (group) =>
  el('p', { class: 'restart' }, say('restart_line', moment_of(store.runs[group.latest.run + 1], CLOCK)));

/** Focuses the row at a place, and shows it. */
function focus_row(at) {
  const to = Math.min(Math.max(at, 0), list.groups.length - 1);
  if (to < 0) return;
  list.cursor = list.groups[to].key;
  const { top, bottom } = sight();
  const begin = to * list.height;
  if (begin < top) scroll_rows(begin - top);
  else if (begin + list.height > bottom) scroll_rows(begin + list.height - bottom);
  draw_window();
  list.nodes.get(list.cursor)?.firstChild.focus({ preventScroll: true });
}
