// SPDX-License-Identifier: Apache-2.0
// What stands beside the list when no story is open: the first steps, or what there is to choose.

function draw_first_steps() {
  const { setup, status } = store;
  const domains = status.https.domains;
  const step = (name, ...content) => el('li', {}, el('h3', {}, say(name)), ...content);
  const ask = setup.proxy && `curl -i -x ${setup.proxy} http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/example`;
  return [
    el(
      'header',
      { class: 'opening' },
      el('h2', { id: 'story-title', tabindex: '-1' }, say('empty_title')),
      el('p', { class: 'lead' }, say('empty_text')),
    ),
    el(
      'ol',
      { class: 'first-steps' },
      setup.proxy
        ? step('step_lead', el('p', {}, say('step_lead_text')), copy_block(setup.shell, say('step_lead')))
        : step('step_lead', el('p', {}, prose(say('step_lead_none')))),
      domains.length
        ? step('step_https', el('p', {}, say('step_https_made', names_of(domains))))
        : step('step_https', el('p', {}, say('step_https_none')), copy_block(setup.run, say('step_https'))),
      step('step_try', ask && [el('p', {}, say('step_try_text')), copy_block(ask, say('step_try'))]),
    ),
    draw_sights(status),
  ];
}

function draw_keys() {
  const changed_to = (event) => keep('keys', event.target.checked ? 'on' : 'off');
  return section(
    'keys',
    say('keys'),
    el(
      'dl',
      {},
      say('keys_text').map(([keys, words]) =>
        el(
          'div',
          {},
          el(
            'dt',
            {},
            keys.split(' ').map((key) => el('kbd', {}, key)),
          ),
          el('dd', {}, words),
        ),
      ),
    ),
    el(
      'label',
      { class: 'soft' },
      el('input', { type: 'checkbox', checked: kept('keys') !== 'off', onchange: changed_to }),
      ` ${say('keys_switch')}`,
    ),
  );
}

function draw_overview() {
  return [
    el(
      'header',
      { class: 'opening' },
      el('h2', { id: 'story-title', tabindex: '-1' }, say('overview')),
      el('p', { class: 'lead' }, say('overview_text')),
    ),
    columns([draw_sights(store.status)], [draw_keys()]),
  ];
}
