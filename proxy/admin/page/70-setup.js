// SPDX-License-Identifier: Apache-2.0
// How clients come here, what is looked into, and what the program is.

const names_of = (names) => names.join(language === 'zh' ? '、' : ', ');

/** What is looked into and what is not: [seen, words]. */
function sights({ listeners, https, upgrades, counts }) {
  const MODES = { forward: 'seen_http', reverse: 'seen_reverse', transparent: 'seen_transparent' };
  const lines = listeners.map(({ address, mode }) => [true, say(MODES[mode], address)]);
  if (https.domains.length) {
    const made = https.ca_made ? say('seen_ca', https.ca_made) : '';
    lines.push([true, `${say('seen_https', names_of(https.domains))}${made}${language === 'zh' ? '。' : '.'}`]);
  } else {
    lines.push([false, say('unseen_https')]);
  }
  lines.push([false, say('unseen_other')]);
  if (upgrades) lines.push([true, say('seen_upgrade')]);
  if (counts.blind_tunnels) lines.push([false, say('seen_blind', counts.blind_tunnels)]);
  if (counts.trust_failures) lines.push([false, say('seen_distrust', counts.trust_failures)]);
  return lines;
}

function draw_sights(status) {
  const eye = (seen) =>
    svg(
      'svg',
      { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' },
      svg('path', { d: seen ? 'M3 8.5l3.2 3.2L13 4.8' : 'M4 8h8' }),
    );
  return section(
    'sights',
    say('seen'),
    el(
      'ul',
      {},
      sights(status).map(([seen, words]) => el('li', { class: seen ? 'yes' : 'no' }, eye(seen), el('span', {}, prose(words)))),
    ),
  );
}

function clock_words(offset) {
  if (offset === null) return say('clock_unknown');
  if (Math.abs(offset) < 2) return say('clock_same');
  return say(offset > 0 ? 'clock_ahead' : 'clock_behind', span_of(offset * 1000));
}

function draw_program({ status, setup }) {
  const { counts } = status;
  const lost = counts.log_lost ? ` (${say('log_lost', counts.log_lost)})` : '';
  return section(
    'program',
    say('program'),
    fact_list([
      [say('version'), status.version],
      [say('started'), el('time', { datetime: status.started }, full_time(Date.parse(status.started)))],
      [
        say('listeners'),
        status.listeners.map(({ address, mode, tls }) => `${address} (${mode}${tls ? ', TLS' : ''})`).join(', '),
      ],
      [say('requests'), in_figures(counts.requests)],
      [say('diagnoses'), in_figures(counts.diagnoses)],
      [say('connections'), in_figures(counts.client_connections)],
      [say('log'), `${status.log ?? say('log_stdout')}${lost}`],
      [say('clock'), clock_words(status.clock_offset_seconds)],
      [say('fingerprint'), setup.ca?.fingerprint],
    ]),
  );
}

const line_to_copy = (title, text) => text && [el('h4', {}, title), copy_block(text, title)];

/** What is copied is the setting alone, without the words about it. */
function draw_client({ name, lines }) {
  const text = lines.join('\n');
  const [, setting, words] = /^([A-Z_]+=(?:'[^']*'|\S+)),?\s*(.*)$/s.exec(text) ?? [null, text, ''];
  return el('li', {}, el('h4', {}, quoted(name)), copy_block(setting, name), words && el('p', { class: 'soft' }, quoted(words)));
}

function draw_setup() {
  const { setup, status } = store;
  const opening = el(
    'header',
    { class: 'opening' },
    el('h2', { id: 'story-title', tabindex: '-1' }, say('setup_title')),
    el('p', { class: 'lead' }, say('setup_text')),
  );
  const back = el(
    'nav',
    { class: 'toolbar', 'aria-label': say('ways') },
    el('a', { class: 'quiet back', href: address_of({}) }, `← ${say('back')}`),
  );
  if (!setup || !status) return [back, opening, el('p', { class: 'soft' }, say('setup_loading'))];
  return [
    back,
    opening,
    columns(
      [
        section(
          'lines',
          say('setup_lines'),
          line_to_copy(say('setup_shell'), setup.shell),
          line_to_copy(say('setup_run'), setup.run),
          line_to_copy(say('setup_proxy'), setup.proxy),
        ),
        section(
          'clients',
          say('setup_clients'),
          el('p', { class: 'soft' }, say(setup.clients.length ? 'setup_clients_text' : 'setup_no_ca')),
          el('ul', {}, setup.clients.map(draw_client)),
        ),
      ],
      [draw_sights(status), draw_program(store), draw_keys()],
    ),
  ];
}
