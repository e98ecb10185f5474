// SPDX-License-Identifier: Apache-2.0
// Building the document. Text only ever becomes text nodes: nothing from the wire can be markup.

const by_id = (id) => document.getElementById(id);

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

const el = (name, attributes = {}, ...children) => build(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) =>
  build(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

// What moves the cursor, or turns the direction of text round, is shown as what it is.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** The text with hidden characters made visible. */
function reveal(text) {
  const fragment = document.createDocumentFragment();
  let plain = '';
  for (const character of String(text)) {
    if (!HIDDEN.test(character)) {
      plain += character;
      continue;
    }
    const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    fragment.append(plain, el('span', { class: 'ctl', title: `U+${code}` }, `U+${code}`));
    plain = '';
  }
  fragment.append(plain);
  return fragment;
}

/** The same as one string, for attributes and announcements. */
const revealed = (text) => reveal(text).textContent;

function copy_button(text, what) {
  const label = el('span', {}, word('copy'));
  return el(
    'button',
    {
      type: 'button',
      class: 'quiet copy',
      'aria-label': `${word('copy')}: ${what}`,
      onclick: async () => {
        await copy_text(text);
        label.textContent = word('copied');
        by_id('announcer').textContent = word('copied');
        setTimeout(() => (label.textContent = word('copy')), 1500);
      },
    },
    label,
  );
}

/** Pages that came over clear HTTP from another machine have no clipboard; there a selection has to do. */
async function copy_text(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text).catch(() => {});
    return;
  }
  const field = el('textarea', { class: 'unseen' });
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

const with_copy = (shown, text, what) => el('div', { class: 'with-copy' }, shown, copy_button(text, what));

const code_block = (text, what) => with_copy(el('pre', { class: 'block', tabindex: '0' }, reveal_lines(text)), text, what);

/** Line ends stay what they are. */
function reveal_lines(text) {
  const fragment = document.createDocumentFragment();
  String(text)
    .split('\n')
    .forEach((line, at) => fragment.append(at ? '\n' : '', reveal(line)));
  return fragment;
}

const clock_time = (iso) => new Date(iso).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB');

function full_time(iso) {
  return new Date(iso).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
