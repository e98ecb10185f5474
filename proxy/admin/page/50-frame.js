// SPDX-License-Identifier: Apache-2.0
// What stands around everything: where to, whether the page is live, language and colours.

const THEMES = ['auto', 'light', 'dark'];
const prefers_dark = matchMedia('(prefers-color-scheme: dark)');
let theme = THEMES.includes(kept('theme')) ? kept('theme') : 'auto';

function apply_theme() {
  const dark = theme === 'auto' ? prefers_dark.matches : theme === 'dark';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

const ICONS = {
  auto: ['circle', { cx: 8, cy: 8, r: 6 }, 'M8 2a6 6 0 0 1 0 12z'],
  light: [
    'circle',
    { cx: 8, cy: 8, r: 3.2 },
    'M8 .8v2M8 13.2v2M.8 8h2M13.2 8h2M2.9 2.9l1.4 1.4M11.7 11.7l1.4 1.4M2.9 13.1l1.4-1.4M11.7 4.3l1.4-1.4',
  ],
  dark: ['path', { d: 'M13.4 9.9A6 6 0 0 1 6.1 2.6a6 6 0 1 0 7.3 7.3z' }, ''],
};

function theme_icon() {
  const [name, attributes, path] = ICONS[theme];
  return svg(
    'svg',
    { viewBox: '0 0 16 16', class: `icon ${theme}`, 'aria-hidden': 'true' },
    svg(name, attributes),
    path && svg('path', { d: path }),
  );
}

function next_theme() {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  keep('theme', theme);
  apply_theme();
  draw_frame();
  by_id('theme').focus();
}

function next_language() {
  speak(language === 'zh' ? 'en' : 'zh');
  keep('language', language);
  draw_all();
  by_id('language').focus();
}

function draw_frame() {
  by_id('skip').textContent = say('skip');
  const place = (name, label, here) => el('a', { href: address_of({ page: name }), 'aria-current': here ? 'page' : null }, label);
  by_id('pages').setAttribute('aria-label', say('pages'));
  by_id('pages').replaceChildren(
    place('list', say('home'), view.page === 'list'),
    place('setup', say('setup'), view.page === 'setup'),
  );
  const button = (id, title, onclick, ...inner) =>
    el('button', { type: 'button', class: 'quiet', id, title, 'aria-label': title, onclick }, ...inner);
  by_id('switches').replaceChildren(
    el(
      'button',
      {
        type: 'button',
        class: 'quiet',
        id: 'language',
        lang: language === 'zh' ? 'en' : 'zh-CN',
        title: say('other_language_hint'),
        onclick: next_language,
      },
      say('other_language'),
    ),
    button('theme', say('theme', say(`theme_${theme}`)), next_theme, theme_icon()),
  );
  draw_link();
}

/** The state is told once, the seconds until the next try only to the eye. */
function draw_link() {
  const place = by_id('link-state');
  place.dataset.state = link.state;
  by_id('link-words').textContent = say(`link_${link.state}`);
  const lost = link.state === 'lost';
  const seconds = Math.max(0, Math.ceil((link.next_try - Date.now()) / 1000));
  by_id('link-wait').textContent = lost ? (link.next_try ? say('retry_in', seconds) : say('retrying')) : '';
  by_id('retry').hidden = !lost;
  by_id('retry').textContent = say('retry_now');
  const notice = by_id('notice');
  notice.hidden = !lost;
  notice.textContent = lost ? (link.barred ? say('barred', link.barred) : say('link_lost_long')) : '';
}

function draw_title() {
  const record = view.id && store.ids.get(view.id);
  const what = record ? title_of(first_cause(record).cause) : view.page === 'setup' ? say('setup_title') : '';
  const waiting = document.hidden && news.unread ? `(${news.unread}) ` : '';
  document.title = `${waiting}${what ? `${what} · ` : ''}cosdiag`;
}
