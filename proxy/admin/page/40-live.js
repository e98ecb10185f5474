// SPDX-License-Identifier: Apache-2.0
// Reading what the program tells, and going on reading: first what it has, then what comes, and again after a break.

const PAGE = 200;
const PAUSES = [1, 2, 4, 8, 15]; // seconds before the next try, the last of them again and again

const link = { state: 'loading', tries: 0, attempt: 0, next_try: 0, timer: null, source: null, barred: null };

async function get_json(path) {
  const answer = await fetch(path, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(15_000) });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.error), { barred: answer.status === 401 || answer.status === 403 });
  return body;
}

function set_link(state) {
  link.state = state;
  changed('link');
}

/** Tries to read, and later again if it fails. */
async function connect() {
  clearTimeout(link.timer);
  link.source?.close();
  link.next_try = 0;
  link.attempt += 1;
  const { attempt } = link;
  changed('link');
  try {
    await read_program();
    const newest = await get_json(`api/diagnoses?limit=${PAGE}`);
    if (attempt !== link.attempt) return;
    const known = newest.instance === store.instance;
    if (!known && begin_run(newest.instance, Date.parse(store.status.started))) announce(say('announce_restart'));
    // A short absence is caught up by the stream, which says what was forgotten meanwhile.
    if (known && store.latest > 0) {
      follow();
      load_older();
    } else {
      load(newest);
    }
  } catch (error) {
    if (attempt === link.attempt) fail(error);
  }
}

function fail(error) {
  link.barred = error?.barred ? error.message : null;
  link.source?.close();
  const pause = PAUSES[Math.min(link.tries, PAUSES.length - 1)] * 1000;
  link.tries += 1;
  link.next_try = Date.now() + pause;
  clearTimeout(link.timer);
  link.timer = setTimeout(connect, pause);
  set_link('lost');
}

async function read_program() {
  const [status, setup] = await Promise.all([get_json('api/status'), get_json('api/setup')]);
  Object.assign(store, { status, setup });
  if (!store.causes.size) for (const cause of (await get_json('api/causes')).causes) store.causes.set(cause.cause, cause);
  changed('program');
}

/** Follows what comes, and meanwhile fetches what was, from the newest page on. */
function load(newest) {
  store.latest = newest.latest;
  store.forgotten = newest.forgotten;
  follow();
  take_page(newest);
  load_older();
}

function take_page({ entries, next }) {
  add_older(entries);
  store.loaded += entries.length;
  store.older = next;
  store.full ||= next !== null && store.loaded >= MOST;
  store.loading = next !== null && store.loaded < MOST;
  changed('entries');
}

/** Goes on where it was broken off, if it was. */
async function load_older() {
  const { attempt } = link;
  while (store.loading && store.older !== null) {
    try {
      const page = await get_json(`api/diagnoses?limit=${PAGE}&before=${store.older}`);
      if (attempt !== link.attempt || page.instance !== store.instance) return; // another goes on
      take_page(page);
    } catch (error) {
      if (attempt === link.attempt) fail(error);
      return;
    }
  }
}

function follow() {
  const source = new EventSource(`api/diagnoses?after=${store.latest}`);
  link.source = source;
  const on = (name, act) => source.addEventListener(name, (event) => link.source === source && act(event));
  on('instance', ({ data }) => {
    if (JSON.parse(data).instance !== store.instance) {
      connect();
      return;
    }
    Object.assign(link, { tries: 0, barred: null });
    set_link('live');
  });
  on('diagnosis', ({ data, lastEventId }) => {
    const record = add_newer(Number(lastEventId), JSON.parse(data));
    if (record) tell_news(record);
    changed('entries');
  });
  on('forgotten', ({ data }) => {
    const { from, to } = JSON.parse(data);
    store.missed += to - from + 1;
    changed('entries');
  });
  on('draining', () => set_link('draining'));
  on('error', () => fail());
}

/** What the program counts, while somebody looks. */
async function read_status() {
  if (document.hidden || link.state !== 'live') return;
  const { source } = link;
  try {
    store.status = await get_json('api/status');
    changed('status');
  } catch (error) {
    if (link.source === source) fail(error); // a stream on a way that is gone stays open, and silent
  }
}

// What has come since it was last announced. Announcing each of many would be noise.
const ANNOUNCE_EVERY = 4000; // ms
const news = { records: [], timer: null, last: 0, unread: 0 };

function tell_news(record) {
  news.records.push(record);
  if (document.hidden) news.unread += 1;
  news.timer ??= setTimeout(announce_news, Math.max(200, news.last + ANNOUNCE_EVERY - Date.now()));
}

function announce_news() {
  const fitting = news.records.filter((record) => fits(record));
  Object.assign(news, { records: [], timer: null });
  if (!fitting.length) return;
  news.last = Date.now();
  const newest = headline_of(fitting.at(-1));
  announce(fitting.length === 1 ? say('announce_one', newest) : say('announce_many', fitting.length, newest));
}
