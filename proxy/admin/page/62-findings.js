// SPDX-License-Identifier: Apache-2.0
// The parts of a finding: what to do, how it is known, and what else it may be.

const section = (name, title, ...content) => el('section', { class: name }, el('h3', {}, title), ...content);

function draw_steps({ cause, remedies = [] }, level = 'h3') {
  if (!remedies.length) return null;
  const advice = language === 'zh' && store.causes.get(cause)?.zh.change;
  const step = ({ who, step: words }) => el('li', {}, el('p', { class: 'who' }, say(who)), el('p', {}, quoted(words)));
  return el(
    'section',
    { class: 'steps' },
    el(level, {}, say('steps')),
    advice && el('p', { class: 'advice' }, prose(advice)),
    el('ol', {}, remedies.map(step)),
  );
}

function draw_policy({ policy }) {
  if (!policy) return null;
  return section(
    'policy',
    say('policy'),
    el('p', { class: 'soft' }, say('policy_why')),
    copy_block(JSON.stringify(policy, null, 2), say('policy')),
  );
}

/** Strings and times that are better seen than read. */
const draw_figures = (finding) => {
  const times = times_of(finding);
  return [...pairs_of(finding.evidence).map(draw_pair), times && draw_times(times)];
};

function draw_evidence({ evidence }, level = 'h3') {
  const drawn = new Set(pairs_of(evidence).flatMap(({ ours, theirs }) => [ours, theirs]));
  const groups = new Map();
  for (const each of evidence) {
    if (drawn.has(each) || each.what === 'RequestId') continue;
    groups.set(each.from, [...(groups.get(each.from) ?? []), [quoted(each.what), each.value]]);
  }
  if (!groups.size) return null;
  return el(
    'section',
    { class: 'evidence' },
    el(level, {}, say('evidence')),
    ...[...groups].map(([from, facts]) =>
      el('div', { class: 'source' }, el('p', { class: 'soft' }, say(`from_${from}`)), fact_list(facts)),
    ),
  );
}

/** Names and values; those without a value are left out. */
function fact_list(facts) {
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== '');
  const value_of = (value) => (value instanceof Node ? value : quoted(value));
  return el(
    'dl',
    { class: 'facts' },
    known.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value_of(value)))),
  );
}

/** Further findings, folded: each with what is its own. */
function draw_others({ entry }) {
  const others = entry.causes.slice(1);
  if (!others.length) return null;
  const other = (finding) =>
    el(
      'details',
      {},
      el(
        'summary',
        {},
        mark_of(finding.confidence),
        el(
          'span',
          {},
          el('b', {}, title_of(finding.cause)),
          ' ',
          el('span', { class: 'soft' }, `${say(finding.confidence)}: `),
          quoted(finding.summary),
        ),
      ),
      el('div', { class: 'finding' }, ...draw_figures(finding), draw_steps(finding, 'h4'), draw_evidence(finding, 'h4')),
    );
  return section('others', say('others_title'), ...others.map(other));
}

function draw_explanation({ cause }) {
  const page = store.causes.get(cause)?.[language];
  if (!page) return null;
  const part = (name, text) => text && [el('h4', {}, say(name)), el('p', {}, prose(text))];
  return el(
    'details',
    { class: 'explanation' },
    el('summary', {}, say('explanation')),
    el(
      'div',
      { class: 'finding' },
      el('p', {}, prose(page.reason)),
      part('known_by', page.evidence),
      part('confused', page.confused),
    ),
  );
}
