// SPDX-License-Identifier: Apache-2.0
// What is shown, as the address's fragment has it: a view can be kept, shared and gone back to.

const FILTERS = ['text', 'bucket', 'key', 'cause', 'action'];

const view = { page: 'list', id: null, filter: {} };

function read_address() {
  const said = new URLSearchParams(location.hash.slice(1));
  view.page = said.get('view') === 'setup' ? 'setup' : 'list';
  view.id = view.page === 'list' ? said.get('id') : null;
  view.filter = Object.fromEntries(FILTERS.map((name) => [name, said.get(name)]).filter(([, value]) => value));
}

/** The address of this view, but for `changes`. */
function address_of(changes) {
  const { page, id, filter } = { page: 'list', id: null, filter: view.filter, ...changes };
  const said = new URLSearchParams(filter);
  if (page !== 'list') said.set('view', page);
  if (id) said.set('id', id);
  return `#${said}`;
}

const is_filtered = () => Object.keys(view.filter).length > 0;

const contains = (value, part) => (value ?? '').toLowerCase().includes(part.toLowerCase());

/** Whether an entry fits the filters, as those of /api/diagnoses have it. `but` leaves one filter out. */
function fits(record, but = '') {
  const { text, bucket, key, cause, action } = { ...view.filter, [but]: '' };
  const { request, causes } = record.entry;
  return (
    (!bucket || request.bucket === bucket) &&
    (!key || contains(request.key, key)) &&
    (!cause || causes.some((each) => each.cause === cause)) &&
    (!action || request.action === action || request.action === `name/cos:${action}`) &&
    (!text || text_of(record).includes(text.toLowerCase()))
  );
}

/** All of an entry, for searching; made when first searched. */
function text_of(record) {
  record.text ??= JSON.stringify(record.entry).toLowerCase();
  return record.text;
}
