// SPDX-License-Identifier: Apache-2.0
// How clients are led here, and what is looked into.

const list_words = (names) => names.join(language === 'zh' ? '、' : ', ');

function render_sight({ https, upgrades }) {
  const line = (seen, text) => el('li', {}, el('span', { class: seen ? 'yes' : 'no', 'aria-hidden': 'true' }, seen ? '✓' : '–'), text);
  return el(
    'ul',
    { class: 'sight' },
    line(true, word('sees_http')),
    https.domains.length ? line(true, word('sees_https', list_words(https.domains), https.ca_made)) : line(false, word('no_https')),
    line(false, word('no_other')),
    upgrades ? line(true, word('upgrades')) : null,
  );
}

function render_numbers({ counts, clock_offset_seconds: offset }) {
  const line = (count, name) => `${count} ${word(name)}`;
  return el(
    'ul',
    { class: 'sight' },
    [
      line(counts.requests, 'n_requests'),
      line(counts.diagnoses, 'n_diagnoses'),
      counts.blind_tunnels ? line(counts.blind_tunnels, 'n_blind') : null,
      counts.trust_failures ? line(counts.trust_failures, 'n_trust') : null,
      counts.log_lost ? line(counts.log_lost, 'n_lost') : null,
      offset === null ? null : `${word('clock')}: ${offset.toFixed(1)} s`,
    ]
      .filter(Boolean)
      .map((text) => el('li', {}, el('span', {}), text)),
  );
}

/** What is copied is the setting alone, without the words about it. */
const setting_block = (text, name) => with_copy(el('pre', { class: 'block', tabindex: '0' }, text), text.split(' in its environment')[0], name);

function render_setup() {
  const { setup, status } = store;
  const place = by_id('view-setup');
  if (!setup || !status) {
    place.replaceChildren(el('p', { class: 'soft' }, word('loading')));
    return;
  }
  const listens = status.listeners.map(({ address, mode, tls }) => `${address} (${mode}${tls ? ', TLS' : ''})`);
  place.replaceChildren(
    el('h1', { class: 'unseen' }, word('setup')),
    el('h2', {}, word('sight')),
    render_sight(status),
    el('h2', {}, word('lead')),
    setup.shell ? el('h3', {}, word('shell')) : '',
    setup.shell ? code_block(setup.shell, word('shell')) : '',
    setup.run ? el('h3', {}, word('one')) : '',
    setup.run ? code_block(setup.run, word('one')) : '',
    setup.clients.length ? el('h2', {}, word('runtimes')) : '',
    el(
      'ul',
      { class: 'runtimes' },
      setup.clients.map(({ name, lines }) => el('li', {}, el('h3', {}, name), setting_block(lines.join('\n'), name))),
    ),
    el('h2', {}, word('numbers')),
    render_numbers(status),
    el('h2', {}, 'cosdiag'),
    fact_list([
      [word('listens'), listens.join('\n')],
      [word('log'), status.log ?? word('to_stdout')],
      [word('fingerprint'), setup.ca?.fingerprint],
    ]),
  );
}
