// SPDX-License-Identifier: Apache-2.0
// What is known: the entries, latest first, folded where they are tries of one call, and what the program is.

const MOST = 10_000;
const FILTERS = ['text', 'cause', 'bucket', 'key', 'action'];

const store = {
  groups: [], // { id, latest, tries: [entries, latest first], hay }, latest first
  by_id: new Map(),
  seq: 0,
  instance: null,
  causes: new Map(),
  status: null,
  setup: null,
  link: 'loading',
  notices: [],
  changed: () => {},
};

const first_cause = (entry) => entry.causes[0];

/** Tries of one call that failed alike are shown as one. */
const fold_of = (entry) => `${entry.first_id || entry.id}.${first_cause(entry).cause}`;

/** Adds an entry to the tries of its call. `older`: it comes from the past. */
function add_entry(entry, older) {
  const id = fold_of(entry);
  let group = store.by_id.get(id);
  if (group) {
    if (group.tries.some((known) => known.id === entry.id)) return;
    group.tries.push(entry);
    group.tries.sort((a, b) => (a.time < b.time ? 1 : -1));
  } else {
    group = { id, tries: [entry] };
    store.by_id.set(id, group);
  }
  group.latest = group.tries[0];
  group.hay = JSON.stringify(group.tries).toLowerCase();
  if (older && group.tries.length === 1) {
    store.groups.push(group);
    return;
  }
  if (group.tries.length > 1) store.groups.splice(store.groups.indexOf(group), 1);
  const at = store.groups.findIndex((other) => other.latest.time <= group.latest.time);
  store.groups.splice(at < 0 ? store.groups.length : at, 0, group);
  while (store.groups.length > MOST) store.by_id.delete(store.groups.pop().id);
}

function forget_all() {
  store.groups = [];
  store.by_id.clear();
  store.seq = 0;
}

function tell(kind, ...values) {
  if (!store.notices.some((notice) => notice.kind === kind)) store.notices.push({ kind, values });
}

const contains = (value, part) => (value ?? '').toLowerCase().includes(part.toLowerCase());

/** Whether a call fits the filters: those of `/api/diagnoses`, but for parts of a bucket's or an action's name. */
function fits(group, filter) {
  const { request } = group.latest;
  return (
    (!filter.text || group.hay.includes(filter.text.toLowerCase())) &&
    (!filter.cause || group.tries.some((entry) => entry.causes.some(({ cause }) => cause === filter.cause))) &&
    (!filter.bucket || contains(request.bucket, filter.bucket)) &&
    (!filter.key || contains(request.key, filter.key)) &&
    (!filter.action || contains(request.action, filter.action))
  );
}

async function get_json(path) {
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.error), { status: answer.status });
  return body;
}

/** Everything that memory has, newest first, then whatever comes. */
async function load() {
  let before = '';
  let instance = null;
  let loaded = 0;
  for (;;) {
    const page = await get_json(`api/diagnoses?limit=1000${before}`);
    if (instance && page.instance !== instance) return load();
    if (!instance) {
      forget_all();
      store.seq = page.latest;
      if (page.forgotten) tell('forgotten', page.forgotten);
    }
    instance = store.instance = page.instance;
    for (const { entry } of page.entries) add_entry(entry, true);
    loaded += page.entries.length;
    store.changed();
    if (page.next === null || loaded >= MOST) return undefined;
    before = `&before=${page.next}`;
  }
}

async function load_facts() {
  const [status, setup] = await Promise.all([get_json('api/status'), get_json('api/setup')]);
  Object.assign(store, { status, setup });
  if (store.causes.size === 0)
    for (const cause of (await get_json('api/causes')).causes) store.causes.set(cause.cause, cause);
}

let source = null;
let retry = null;

function set_link(state) {
  store.link = state;
  store.changed();
}

/** Loads and follows; whatever fails, it tries again. */
async function connect() {
  clearTimeout(retry);
  source?.close();
  try {
    await load_facts();
    await load();
    follow();
  } catch (error) {
    if (error.status === 401 || error.status === 403) tell('barred', error.message);
    set_link('lost');
    retry = setTimeout(connect, 3000);
  }
}

function follow() {
  source = new EventSource(`api/diagnoses?after=${store.seq}`);
  source.addEventListener('instance', ({ data }) => {
    if (JSON.parse(data).instance !== store.instance) {
      tell('restarted');
      connect();
      return;
    }
    set_link('live');
  });
  source.addEventListener('diagnosis', (event) => {
    store.seq = Number(event.lastEventId);
    const entry = JSON.parse(event.data);
    add_entry(entry, false);
    store.changed(entry);
  });
  source.addEventListener('forgotten', ({ data }) => {
    const { from, to } = JSON.parse(data);
    tell('missed', to - from + 1);
    store.changed();
  });
  source.addEventListener('draining', () => set_link('draining'));
  source.onerror = () => {
    set_link('lost');
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, 3000);
  };
}
