// SPDX-License-Identifier: Apache-2.0
// One refused call as a story: what happened, what to do, how it is known.

const english = (text) => el('span', { lang: 'en' }, reveal(text));

function fact_list(pairs) {
  const filled = pairs.filter(([, value]) => value !== undefined && value !== '' && value !== null);
  return el('dl', { class: 'facts' }, filled.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, reveal_lines(value))]));
}

function render_steps(finding) {
  const steps = finding.remedies ?? [];
  if (!steps.length) return null;
  return el(
    'section',
    {},
    el('h3', {}, word('steps')),
    language === 'zh' ? el('p', { class: 'meaning' }, store.causes.get(finding.cause)?.zh.change ?? '') : null,
    el(
      'ol',
      { class: 'steps' },
      steps.map(({ who, step }) => el('li', {}, el('span', { class: 'who' }, word(who)), english(step))),
    ),
  );
}

function render_evidence(entry) {
  const { evidence } = first_cause(entry);
  const pair = find_pair(evidence);
  const found = find_window(entry);
  const rest = evidence.filter((each) => each !== pair?.ours && each !== pair?.theirs);
  return el(
    'section',
    {},
    el('h3', {}, word('evidence')),
    pair ? render_pair(pair) : null,
    found ? render_window(found) : null,
    fact_list(rest.map(({ from, what, value }) => [`${what} (${word(`from_${from}`)})`, value])),
  );
}

function render_head(entry, group) {
  const finding = first_cause(entry);
  const tries = group.tries.length;
  return [
    el(
      'p',
      { class: 'over' },
      el('time', { datetime: entry.time }, full_time(entry.time)),
      el('span', { class: `badge ${finding.confidence}`, title: word(`${finding.confidence}_title`) }, word(finding.confidence)),
      el('code', {}, finding.cause),
      tries > 1 ? el('span', {}, word('tries_title', tries)) : null,
    ),
    el('h2', {}, cause_title(finding.cause)),
    el('p', { class: 'summary' }, english(finding.summary)),
    el('p', { class: 'meaning' }, store.causes.get(finding.cause)?.[language].meaning ?? ''),
  ];
}

function render_others(entry) {
  const others = entry.causes.slice(1);
  if (!others.length) return null;
  return el(
    'section',
    {},
    el('h3', {}, word('other_findings')),
    el(
      'ul',
      { class: 'steps' },
      others.map((finding) =>
        el('li', {}, el('span', { class: 'who' }, word(finding.confidence)), el('span', {}, `${cause_title(finding.cause)}: `, english(finding.summary))),
      ),
    ),
  );
}

function render_request_id({ response }) {
  if (!response.request_id) return null;
  const text = [response.request_id, response.trace_id].filter(Boolean).join('\n');
  return el(
    'section',
    {},
    el('h3', {}, word('request_id')),
    with_copy(el('p', { class: 'mono soft' }, `${response.request_id} · ${word('for_support')}`), text, word('request_id')),
  );
}

function render_facts({ request, response }) {
  return el(
    'section',
    {},
    el('h3', {}, word('facts')),
    fact_list([
      ['URL', request.url && `${request.method} ${request.url}`],
      [word('bucket'), request.bucket],
      [word('key'), request.key],
      [word('action'), request.action],
      ['AccessKey', request.access_key],
      ['Client', request.client],
      ['User-Agent', request.user_agent],
      ['Code', [response.status, response.code].filter(Boolean).join(' ')],
      ['Message', response.message],
      ['Server', response.server],
    ]),
  );
}

function render_more(entry, group) {
  const finding = first_cause(entry);
  const page = store.causes.get(finding.cause)?.[language];
  const raw = JSON.stringify(entry, null, 2);
  const fold = (title, ...content) => el('details', {}, el('summary', {}, title), content);
  return [
    page ? fold(word('more_about'), el('p', { class: 'meaning' }, page.reason), el('p', { class: 'meaning' }, page.evidence), el('p', { class: 'meaning' }, page.confused)) : null,
    group.tries.length > 1
      ? fold(word('tries_list'), el('ol', { class: 'steps' }, group.tries.map((each) => el('li', {}, el('span', { class: 'who' }, clock_time(each.time)), el('span', {}, reveal(first_cause(each).summary))))))
      : null,
    fold(word('raw'), code_block(raw, word('raw'))),
    finding.docs ? el('p', { class: 'meaning' }, el('a', { href: finding.docs, target: '_blank', rel: 'noopener noreferrer' }, word('docs'))) : null,
  ];
}

function render_story() {
  const group = store.by_id.get(view.id);
  const place = by_id('story');
  by_id('panes').toggleAttribute('data-open', Boolean(group));
  place.hidden = store.groups.length === 0;
  if (!group) {
    place.replaceChildren(el('p', { class: 'soft' }, word('choose')));
    place.dataset.sign = '';
    return;
  }
  const sign = `${language} ${group.tries.map(({ id }) => id)}`;
  if (place.dataset.sign === sign) return;
  place.dataset.sign = sign;
  const entry = group.latest;
  const policy = entry.policy ? JSON.stringify(entry.policy, null, 2) : '';
  place.replaceChildren(
    el('button', { type: 'button', class: 'quiet back', onclick: close_story }, `← ${word('back')}`),
    ...[
      render_head(entry, group),
      render_steps(first_cause(entry)),
      policy ? el('section', {}, el('h3', {}, word('policy')), code_block(policy, word('policy'))) : null,
      render_evidence(entry),
      render_request_id(entry),
      render_others(entry),
      render_facts(entry),
      render_more(entry, group),
    ]
      .flat()
      .filter(Boolean),
  );
  place.scrollTop = 0;
}
