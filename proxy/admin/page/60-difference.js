// SPDX-License-Identifier: Apache-2.0
// Two readings of one string: side by side, with the piece in which they differ.

// The names that evidence gives to what was sent and to what arrived; behind them, of what.
const READINGS = [
  [/^as sent:\s*(.*)$/, /^as COS received it:\s*(.*)$/],
  [/^Host of the client$/, /^Host sent on$/],
];

/** The pairs in a finding's evidence: { ours, theirs, of }. */
function pairs_of(evidence) {
  const pairs = [];
  for (const [ours, theirs] of READINGS)
    for (const sent of evidence) {
      const of = ours.exec(sent.what);
      const received = of && evidence.find(({ what }) => theirs.exec(what)?.[1] === of[1]);
      if (received && received.value !== sent.value) pairs.push({ ours: sent, theirs: received, of: of[1] ?? '' });
    }
  return pairs;
}

/** How long the common begin and the common end are, in characters. */
function common_parts(a, b) {
  const most = Math.min(a.length, b.length);
  let front = 0;
  while (front < most && a[front] === b[front]) front += 1;
  let back = 0;
  while (back < most - front && a[a.length - 1 - back] === b[b.length - 1 - back]) back += 1;
  return { front, back };
}

/** The differing piece; a blank in it is shown as one, and where there is none, that there is none. */
function piece(characters) {
  const blank = () => el('span', { class: 'hidden-character', title: 'U+0020' }, '␣');
  if (!characters.length) return el('mark', { class: 'none' }, unseen(say('nothing')));
  return el(
    'mark',
    {},
    characters.map((each) => (each === ' ' ? blank() : shown(each))),
  );
}

const piece_words = (characters) =>
  characters.length ? say('quoted', shown_text(characters.join('').replaceAll(' ', '␣'))) : say('nothing');

/** A value that only describes what may not be shown has no characters to hold against others. */
const is_told = ({ value }) => !/^\((none|\d+ characters?)\)$/.test(value);

function side(name, evidence, of, cut) {
  const label = of === undefined ? evidence.what : [say(name), of && [' · ', quoted(of)]];
  const text = cut ? [shown(cut.before), piece(cut.middle), shown(cut.after)] : shown(evidence.value);
  return el('div', { class: `side ${name}` }, el('dt', {}, label), el('dd', { lang: 'en', dir: 'ltr' }, text));
}

function draw_pair({ ours, theirs, of }) {
  const both = is_told(ours) && is_told(theirs);
  const [a, b] = [[...ours.value], [...theirs.value]];
  const { front, back } = common_parts(a, b);
  const cut = (all) => ({
    before: all.slice(0, front).join(''),
    middle: all.slice(front, all.length - back),
    after: all.slice(all.length - back).join(''),
  });
  const [left, right] = both ? [cut(a), cut(b)] : [];
  const named = READINGS[0][0].test(ours.what) ? of : undefined;
  return el(
    'figure',
    { class: 'pair' },
    el('dl', {}, side('sent', ours, named, left), side('received', theirs, named, right)),
    both && el('figcaption', {}, say('differ', front + 1, piece_words(left.middle), piece_words(right.middle))),
  );
}
