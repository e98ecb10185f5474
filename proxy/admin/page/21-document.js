// SPDX-License-Identifier: Apache-2.0
// Building the document. Text only ever becomes text nodes: nothing from the wire can be markup.

const by_id = (id) => document.getElementById(id);

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false && child !== ''));
  return element;
}

const el = (name, attributes = {}, ...children) => furnish(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) =>
  furnish(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

const unseen = (...children) => el('span', { class: 'unseen' }, ...children);

// Control and format characters, and separators of lines: what moves the cursor, hides, or turns the direction of text.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const BREAKS = '/&?=,;:-_';

/** Text as it is, hidden characters made visible, long words with places to break. */
function shown(text) {
  const fragment = document.createDocumentFragment();
  let plain = '';
  for (const character of String(text)) {
    if (!HIDDEN.test(character)) {
      plain += character;
      if (BREAKS.includes(character)) (fragment.append(plain, el('wbr')), (plain = ''));
      continue;
    }
    const name = `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    fragment.append(plain, el('span', { class: 'hidden-character', title: name }, name));
    plain = '';
  }
  fragment.append(plain);
  return fragment;
}

/** The same as one string, for attributes and announcements. */
const shown_text = (text) => shown(text).textContent;

/** Text of an entry: it is English, runs in its own direction, and may hold anything. */
const quoted = (text, name = 'span') => el(name, { lang: 'en', dir: 'auto', class: 'quoted' }, shown(text));

/** A summary, which begins small, as a sentence of its own; unless its first word is a name, such as that of a field. */
const sentence = (text, element, name) => el(element, { class: /^[a-z]+ /.test(text) ? `${name} sentence` : name }, quoted(text));

/** Prose in which `backticks` mark what is code. */
const prose = (text) => text.split('`').map((part, at) => (at % 2 ? el('code', {}, part) : part));

/** Says it to those who listen instead of looking. */
function announce(text) {
  by_id('announcer').textContent = text;
}

/** Over clear HTTP from another machine there is no clipboard; a selection has to do there. */
async function copy_text(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = el('textarea', { class: 'unseen' });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (!done) throw new Error('not copied');
  return undefined;
}

function copy_button(text, what) {
  const label = el('span', {}, say('copy'));
  const tell = (words) => {
    label.textContent = say(words);
    announce(say(words));
    setTimeout(() => (label.textContent = say('copy')), 1600);
  };
  const click = () =>
    copy_text(text).then(
      () => tell('copied'),
      () => tell('copy_failed'),
    );
  return el('button', { type: 'button', class: 'quiet copy', 'aria-label': say('copy_what', what), onclick: click }, label);
}

/** Lines to copy; line ends stay what they are. */
function copy_block(text, what) {
  const lines = String(text)
    .split('\n')
    .flatMap((line, at) => [at ? '\n' : '', shown(line)]);
  const block = el(
    'pre',
    { tabindex: '0', role: 'region', 'aria-label': say('code_block', what), lang: 'en' },
    el('code', {}, lines),
  );
  return el('div', { class: 'copy-block' }, block, copy_button(text, what));
}

/** What is told, and smaller things beside it where there is room. */
function columns(told, beside) {
  return el('div', { class: 'columns' }, el('div', { class: 'told' }, ...told), el('div', { class: 'beside' }, ...beside));
}

/** How sure a diagnosis is, as a mark whose form tells it too: full, half, empty. */
function mark_of(confidence) {
  const half = confidence === 'likely' && svg('path', { d: 'M6 1.5a4.5 4.5 0 0 1 0 9z' });
  const ring = svg('circle', { cx: 6, cy: 6, r: 4.5, class: confidence === 'certain' ? 'full' : 'ring' });
  return svg('svg', { viewBox: '0 0 12 12', class: `confidence ${confidence}`, 'aria-hidden': 'true' }, ring, half);
}
