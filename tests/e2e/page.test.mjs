// SPDX-License-Identifier: Apache-2.0
// The live page in a real browser: its list, its stories, the ways through them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { live, start_browser } from './support/browser.mjs';
import { curl } from './support/clients.mjs';
import { eventually } from './support/environment.mjs';
import {
  HOSTILE,
  copied,
  refuse,
  refuse_for_its_path,
  refuse_the_hostile,
  row,
  start_page,
  story_title,
  visit,
} from './support/page.mjs';

const EXPIRED = "The signature's time is over";
const DENIED = 'The key lacks the right for this call';
const UNSIGNED = 'The request is not signed';

describe('e2e/page', () => {
  let browser;
  const ending = [];
  before(async () => {
    browser = await start_browser({ after: (end) => ending.push(end) });
  });
  after(() => Promise.all(ending.map((end) => end())));

  test('without any 403 it teaches the first steps; following them, one appears by itself and is announced', async (t) => {
    const { cosdiag } = await start_page(t);
    const page = await visit(t, browser, cosdiag.admin);
    await live(page);
    await story_title(page, 'No 403 yet').waitFor();
    assert.match(await copied(page, 'Copy Lead a client here'), /cosdiag.* env/);
    const command = await copied(page, 'Copy Repeat what was refused');
    await curl(cosdiag.url, [command.split(' ').at(-1)]);
    await row(page, UNSIGNED).waitFor();
    await eventually(
      async () => /New 403: The request is not signed, GET /.test(await page.locator('#announcer').textContent()),
      'the announcement',
    );
    await story_title(page, 'Choose a 403').waitFor();
    assert.deepEqual(page.complaints, []);
  });

  test('a diagnosis is a story: what happened, what to do, how it is known, what to copy', async (t) => {
    const { cosdiag } = await start_page(t);
    await refuse(cosdiag, 'expired', 'denied', 'skewed');
    const page = await visit(t, browser, cosdiag.admin);
    await row(page, EXPIRED).click();
    await story_title(page, EXPIRED).waitFor();
    const story = page.locator('#reading');
    await story.getByText('Certain', { exact: true }).waitFor();
    await story.getByRole('heading', { name: 'What to do' }).waitFor();
    await story.getByText(/^The signature was good from .* for 1 h\. COS’s clock showed .*: 1 h too late\.$/).waitFor();
    const [clock, window] = await Promise.all(['circle.cos', 'rect.window'].map((part) => story.locator(part).boundingBox()));
    assert.ok(window.width > 100 && clock.x > window.x + window.width, 'the clock stands behind the window');

    const entry = JSON.parse(await (await page.getByText('The log entry, as JSON').click(), copied(page, 'Copy The log entry')));
    assert.equal(entry.causes[0].cause, 'signature-expired');
    assert.equal(await copied(page, 'Copy RequestId'), entry.response.request_id);
    assert.match(page.url(), new RegExp(`#id=${entry.id}$`));

    await row(page, DENIED).click();
    const policy = JSON.parse(await copied(page, 'Copy A statement'));
    assert.deepEqual(policy.statement[0].action, ['name/cos:GetObject']);

    await row(page, 'The clock of the signing machine is wrong').click();
    await story.locator('circle.client').waitFor();
    await story.getByText('The client’s clock is 1 h behind.').waitFor();
    assert.deepEqual(page.complaints, []);
  });

  test('two readings of one string stand side by side, the differing piece marked, and told in words', async (t) => {
    const { origin, cosdiag } = await start_page(t);
    await refuse_for_its_path(origin, cosdiag);
    const page = await visit(t, browser, cosdiag.admin);
    await row(page, 'COS read another path than was signed').click();
    const [sent, received] = [page.locator('.side.sent dd'), page.locator('.side.received dd')];
    await sent.waitFor();
    assert.deepEqual(await Promise.all([sent, received].map((each) => each.textContent())), ['/a+b.txt', '/a␣b.txt']);
    assert.deepEqual(await page.locator('.pair mark').allTextContents(), ['+', '␣']);
    await page.getByText('From character 3 on: “+” was sent, and COS received “␣”.').waitFor();
    const [left, right] = await Promise.all([sent.boundingBox(), received.boundingBox()]);
    assert.ok(left.y === right.y && left.x < right.x);
  });

  test('tries of one call are one row and one story, which grow', async (t) => {
    const { cosdiag } = await start_page(t);
    await refuse(cosdiag, 'denied');
    const page = await visit(t, browser, cosdiag.admin);
    await row(page, DENIED).click();
    await story_title(page, DENIED).waitFor();
    await refuse(cosdiag, 'denied', 'denied');
    await page.getByText('3 tries').waitFor();
    assert.equal(await page.locator('.row').count(), 1);
    assert.equal(await page.locator('#count').textContent(), '3 refusals of 1 call');
    const tries = page.locator('.tries-list li');
    assert.equal(await tries.count(), 3);
    const first = page.url();
    await tries.nth(2).getByRole('link').click();
    await eventually(() => page.url() !== first, 'the third try');
    await page.goBack();
    await tries.first().locator('[aria-current]').waitFor();
  });

  test('filters narrow the list, and stand in the address for whoever opens it', async (t) => {
    const { cosdiag } = await start_page(t);
    await refuse(cosdiag, 'anonymous', 'expired', 'denied', 'referer');
    const page = await visit(t, browser, cosdiag.admin);
    const shows = (count) => page.locator('#count', { hasText: new RegExp(`^${count}$`) }).waitFor();
    await shows('4 refusals');
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('Bucket').selectOption('hotlinkbucket-1250000000');
    await shows('1 of 4 refusals');
    assert.match(page.url(), /#bucket=hotlinkbucket-1250000000$/);
    const again = await visit(t, browser, cosdiag.admin, { hash: new URL(page.url()).hash });
    await again.locator('#count', { hasText: '1 of 4 refusals' }).waitFor();
    assert.equal(await again.getByLabel('Bucket').inputValue(), 'hotlinkbucket-1250000000');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await shows('4 refusals');
    await page.locator('#chart').getByRole('button', { name: EXPIRED }).click();
    await shows('1 of 4 refusals');
    assert.equal(await page.getByLabel('Cause').inputValue(), 'signature-expired');
    await page.locator('#chart').getByRole('button', { name: EXPIRED, pressed: true }).click();
    await page.getByLabel('Key contains').fill('PRIV');
    await shows('1 of 4 refusals');
    await page.getByLabel('Key contains').fill('');
    await page.getByLabel('Search in everything').fill('akidexam...ex01');
    await shows('1 of 4 refusals');
    await page.getByLabel('Search in everything').fill('no such thing anywhere');
    await page.getByText('Nothing fits these filters.').waitFor();
  });

  test('the keyboard goes through the list, into a story, to the next, and back', async (t) => {
    const { cosdiag } = await start_page(t);
    await refuse(cosdiag, 'anonymous', 'expired', 'denied');
    const page = await visit(t, browser, cosdiag.admin);
    await row(page, DENIED).waitFor();
    const focused = () =>
      page.evaluate(() => document.activeElement.querySelector('.title')?.textContent ?? document.activeElement.id);
    const press = async (key, expected) => {
      await page.keyboard.press(key);
      await eventually(async () => (await focused()) === expected, `${key} to lead to ${expected}, not ${await focused()}`);
    };
    await press('Tab', 'skip');
    await press('Enter', DENIED);
    await press('ArrowDown', EXPIRED);
    await press('j', UNSIGNED);
    await press('j', UNSIGNED);
    await press('Home', DENIED);
    await press('End', UNSIGNED);
    await press('k', EXPIRED);
    await press('Enter', 'story-title');
    await story_title(page, EXPIRED).waitFor();
    await page.keyboard.press('j');
    await story_title(page, UNSIGNED).waitFor();
    await press('Escape', UNSIGNED);
    assert.ok(page.url().endsWith('/#'));
    await press('/', '');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'text');
    await press('Escape', UNSIGNED);
    await page.getByLabel('Use the single letters').uncheck();
    await row(page, DENIED).focus();
    await page.keyboard.press('j');
    await press('ArrowDown', EXPIRED);
  });

  test('text from clients and COS stays text, and what would hide in it or turn it round is shown', async (t) => {
    const { origin, cosdiag } = await start_page(t);
    await refuse_the_hostile(origin, cosdiag);
    const page = await visit(t, browser, cosdiag.admin, { width: 320 });
    await page.locator('.row .hidden-character', { hasText: 'U+202E' }).waitFor();
    await page.locator('.row').first().click();
    await page.locator('#reading').getByText(HOSTILE).first().waitFor();
    assert.equal(await page.locator('img, script:not([type])').count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    assert.ok(!(await page.title()).includes('owned'));
    assert.ok(!(await page.locator('body').innerText()).includes('\u202e'));
    assert.deepEqual(page.complaints, []);
  });
});
