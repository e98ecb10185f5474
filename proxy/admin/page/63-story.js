// SPDX-License-Identifier: Apache-2.0
// One refusal as a story: what happened, what to do, how that is known.

function draw_toolbar() {
  const at = chosen_row();
  const link_to = (row, name, sign) => {
    const group = at >= 0 ? list.groups[row] : null;
    if (!group) return el('span', { class: 'quiet no', 'aria-hidden': 'true' }, `${sign} ${say(name)}`);
    return el('a', { class: 'quiet', href: address_of({ id: group.latest.entry.id }) }, `${sign} ${say(name)}`);
  };
  return el(
    'nav',
    { class: 'toolbar', 'aria-label': say('ways') },
    el('a', { class: 'quiet back', href: address_of({}) }, `← ${say('back')}`),
    link_to(at - 1, 'previous', '↑'),
    link_to(at + 1, 'next', '↓'),
    el('button', { type: 'button', class: 'quiet', onclick: () => print() }, say('print')),
  );
}

function draw_opening(record) {
  const finding = first_cause(record);
  const { request } = record.entry;
  const page = store.causes.get(finding.cause)?.[language];
  return el(
    'header',
    { class: 'opening' },
    finding.cause !== 'unexplained' &&
      el(
        'p',
        { class: 'kicker' },
        mark_of(finding.confidence),
        el('span', {}, el('b', {}, say(finding.confidence)), ' ', say(`${finding.confidence}_why`)),
      ),
    el('h2', { id: 'story-title', tabindex: '-1' }, title_of(finding.cause)),
    sentence(finding.summary, 'p', 'lead'),
    page && el('p', { class: 'meaning' }, prose(page.meaning)),
    el(
      'p',
      { class: 'request-line', lang: 'en', dir: 'ltr' },
      el('b', {}, shown(request.method ?? '')),
      ' ',
      quoted(request.url ?? subject_of(record)),
    ),
  );
}

function draw_request_id({ response }) {
  if (!response.request_id) return null;
  return section(
    'request-id',
    say('request_id'),
    el('p', { class: 'code' }, quoted(response.request_id)),
    copy_button(response.request_id, say('request_id')),
    el('p', { class: 'soft' }, say('request_id_why')),
  );
}

function draw_request({ entry: { request }, time }) {
  return section(
    'side-facts',
    say('request'),
    fact_list([
      [say('when'), el('time', { datetime: new Date(time).toISOString() }, full_time(time))],
      [say('bucket'), request.bucket],
      [say('region'), request.region],
      [say('key_name'), request.key],
      [say('action'), request.action],
      [say('resource'), request.resource],
      [say('access_key'), request.access_key],
      [say('credential'), request.credential],
      [say('client'), request.client],
      [say('user_agent'), request.user_agent],
    ]),
  );
}

function draw_answer({ entry: { response } }) {
  const { status, code, message, server, date, trace_id: trace } = response;
  return section(
    'side-facts',
    say('answer'),
    fact_list([
      ['Status', status && String(status)],
      ['Code', code],
      ['Message', message],
      ['Server', server],
      ['Date', date],
      ['TraceId', trace],
    ]),
  );
}

/** The tries of one call; the list may grow while the story is read. */
function draw_tries(record) {
  const tries = all_tries(record);
  const known = Math.max(record.entry.attempts ?? 1, ...tries.map(({ entry }) => entry.attempts ?? 1));
  if (known < 2 && tries.length < 2) return [];
  const one = (each) => {
    const { cause, confidence } = first_cause(each);
    const here = each === record;
    const words = [
      el('time', { datetime: each.entry.time }, moment_of(each.time, CLOCK)),
      ' ',
      mark_of(confidence),
      ' ',
      title_of(cause),
    ];
    const inner = here ? el('b', { 'aria-current': 'true' }, words) : el('a', { href: address_of({ id: each.entry.id }) }, words);
    return el('li', { value: each.entry.attempts ?? null }, inner);
  };
  return [
    section(
      'tries-list',
      `${say('tries_title')} (${known})`,
      tries.length < known && el('p', { class: 'soft' }, say('tries_first')),
      el('ol', {}, tries.map(one)),
    ),
  ];
}

function draw_gone() {
  const waiting = store.loading || link.state === 'loading';
  return [
    draw_toolbar(),
    el('h2', { id: 'story-title', tabindex: '-1' }, say(waiting ? 'link_loading' : 'gone_title')),
    el('p', { class: 'meaning' }, prose(waiting ? say('story_loading') : say('gone', shown_text(view.id), store.status?.log))),
  ];
}

function draw_docs(address) {
  const leaving = unseen(` (${say('docs_new_tab')})`);
  const link = el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, say('docs'), leaving, ' ↗');
  return el('p', { class: 'docs' }, link);
}

function draw_story(record) {
  const finding = first_cause(record);
  const { entry } = record;
  return [
    draw_toolbar(),
    draw_opening(record),
    columns(
      [
        ...draw_figures(finding),
        draw_steps(finding),
        draw_policy(entry),
        draw_evidence(finding),
        draw_others(record),
        draw_explanation(finding),
      ],
      [
        draw_request_id(entry),
        el('div', { id: 'tries' }, ...draw_tries(record)),
        draw_request(record),
        draw_answer(record),
        finding.docs && draw_docs(finding.docs),
      ],
    ),
    el('details', { class: 'raw' }, el('summary', {}, say('raw')), copy_block(JSON.stringify(entry, null, 2), say('raw'))),
  ];
}
