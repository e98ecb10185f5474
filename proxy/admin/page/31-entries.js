// SPDX-License-Identifier: Apache-2.0
// The entries in this page's memory, oldest first, of this run of the program and of runs before.

const MOST = 10_000;

const store = {
  records: [], // { entry, seq, time (ms), run }
  ids: new Map(), // id → record
  run: 0, // counts the instances of the program that this page has met
  runs: [], // when each was started, ms
  instance: null,
  latest: 0, // seq of the newest entry known
  forgotten: 0, // entries of this run that the program no longer has
  missed: 0,
  full: false, // this page let older entries go
  loading: true, // older ones are on their way
  older: null, // where they begin
  loaded: 0,
  causes: new Map(),
  status: null,
  setup: null,
};

const first_cause = ({ entry }) =>
  entry.causes[0] ?? { cause: 'unexplained', confidence: 'possible', summary: '', evidence: [], remedies: [] };

const title_of = (cause) => store.causes.get(cause)?.[language].title ?? cause;

function make_record(seq, entry) {
  return { entry, seq, time: Date.parse(entry.time), run: store.run };
}

/** Takes entries that are older than all others of this run. Newest first, as they are answered. */
function add_older(answered) {
  const fresh = answered.filter(({ entry }) => !store.ids.has(entry.id)).map(({ seq, entry }) => make_record(seq, entry));
  for (const record of fresh) store.ids.set(record.entry.id, record);
  const at = store.records.findIndex(({ run }) => run === store.run);
  store.records.splice(at < 0 ? store.records.length : at, 0, ...fresh.reverse());
  let_go();
}

/** The oldest leave when there are too many. */
function let_go() {
  const over = store.records.splice(0, Math.max(store.records.length - MOST, 0));
  for (const { entry } of over) store.ids.delete(entry.id);
  if (over.length) store.full = true;
}

/** Takes an entry that has just come; null if it is known. */
function add_newer(seq, entry) {
  store.latest = Math.max(store.latest, seq);
  if (store.ids.has(entry.id)) return null;
  const record = make_record(seq, entry);
  store.records.push(record);
  store.ids.set(entry.id, record);
  let_go();
  return record;
}

/** Another process answers: what it knows begins from nothing, what is here stays. */
function begin_run(instance, started) {
  const again = store.instance !== null;
  if (again) store.run += 1;
  Object.assign(store, { instance, latest: 0, forgotten: 0, loading: true, older: null, loaded: 0 });
  store.runs[store.run] = started;
  return again;
}

/** What an entry is a try of; the program recognises tries, whatever they fail by. */
const call_of = ({ entry }) => entry.first_id || entry.id;

/** Tries that failed alike are one row; who mended one thing and met another sees both. */
const key_of = (record) => `${call_of(record)} ${first_cause(record).cause}`;

/** Rows: { key, tries: records newest first, latest }. Newest first. */
function fold(records) {
  const groups = new Map();
  for (let at = records.length - 1; at >= 0; at -= 1) {
    const record = records[at];
    const key = key_of(record);
    const group = groups.get(key);
    if (group) group.tries.push(record);
    else groups.set(key, { key, latest: record, tries: [record] });
  }
  return [...groups.values()];
}

/** All tries of the call that an entry is of, oldest first. */
const all_tries = (record) => store.records.filter((each) => call_of(each) === call_of(record));

/** What was asked for, in short: bucket and key, or the address. */
function subject_of({ entry: { request } }) {
  if (!request.bucket) return request.url ?? request.host ?? '';
  return request.key === undefined ? request.bucket : `${request.bucket}/${request.key}`;
}

const headline_of = (record) =>
  `${title_of(first_cause(record).cause)}, ${record.entry.request.method} ${shown_text(subject_of(record))}`;
