// SPDX-License-Identifier: Apache-2.0
// The live page in each of its states: for everybody, in both languages, when the program goes, and with very much to show.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expect_accessible, live, start_browser } from './support/browser.mjs';
import { HOST, curl } from './support/clients.mjs';
import { start_cosdiag } from './support/cosdiag.mjs';
import { eventually } from './support/environment.mjs';
import { breakable, refuse, refuse_for_its_path, refuse_many, row, start_page, story_title, visit } from './support/page.mjs';

const LOOKS = [
  { lang: 'en-US', theme: 'light', width: 1280 },
  { lang: 'zh-CN', theme: 'dark', width: 1280 },
  { lang: 'zh-CN', theme: 'light', width: 320 },
  { lang: 'en-US', theme: 'dark', width: 320 },
];

async function expect_good(page, what) {
  await expect_accessible(page, what);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `nothing is wider than the window: ${what}`);
}

describe('e2e/page states', { concurrency: 3 }, () => {
  let browser;
  const ending = [];
  before(async () => {
    browser = await start_browser({ after: (end) => ending.push(end) });
  });
  after(() => Promise.all(ending.map((end) => end())));

  for (const look of LOOKS) {
    const words = Object.values(look).join(', ');
    test(`axe finds nothing to object to: ${words}`, async (t) => {
      const { origin, cosdiag } = await start_page(t, ['--lang', look.lang.slice(0, 2)]);
      const page = await visit(t, browser, cosdiag.admin, { ...look, bypass_csp: true });
      await page.locator('ol.first-steps').waitFor();
      await expect_good(page, 'first steps');
      await refuse(cosdiag, 'denied', 'denied', 'skewed', 'expired');
      await refuse_for_its_path(origin, cosdiag);
      await page.locator('.row').nth(3).waitFor();
      if (look.width < 900) await expect_good(page, 'list');
      await page
        .locator('.row')
        .nth(look.width < 900 ? 0 : 1)
        .click();
      await page.locator('#reading figure').first().waitFor();
      await expect_good(page, 'story');
      await page.locator('#pages a').nth(1).click();
      await page.locator('#reading.setup h2').waitFor();
      await expect_good(page, 'set-up');
      assert.deepEqual(page.complaints, []);
    });
  }

  test('it speaks as the program does, or as one chooses; both choices are kept', async (t) => {
    const { cosdiag } = await start_page(t, ['--lang', 'zh']);
    await refuse(cosdiag, 'anonymous');
    const page = await visit(t, browser, cosdiag.admin, { theme: 'dark' });
    await row(page, '请求没有签名').waitFor();
    const looks = () => page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]);
    assert.deepEqual(await looks(), ['zh-CN', 'dark']);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Colours: as the system' }).click();
    await page.getByRole('button', { name: 'Colours: light' }).waitFor();
    await page.reload();
    await row(page, 'The request is not signed').waitFor();
    assert.deepEqual(await looks(), ['en', 'light']);
  });

  test('when the program is killed it says so and keeps what it has; started anew, it goes on below a line', async (t) => {
    const { origin, cosdiag } = await start_page(t);
    await refuse(cosdiag, 'anonymous', 'expired');
    const page = await visit(t, browser, cosdiag.admin);
    await page.locator('.row').nth(1).waitFor();
    cosdiag.child.kill('SIGKILL');
    await page.getByText('Not connected').waitFor();
    await page.getByText(/next try in \d+ s/).waitFor();
    assert.equal(await page.locator('.row').count(), 2);

    const again = await start_cosdiag(t, origin.port, ['--admin', cosdiag.admin.replace('http://', '')]);
    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 5000 })
      .catch(() => {}); // it may have come back by itself
    await live(page);
    await refuse(again, 'denied');
    await row(page, 'The key lacks the right for this call').waitFor();
    assert.equal(await page.locator('.row').count(), 3);
    assert.match(await page.locator('.restart').textContent(), /^cosdiag was started anew · /);

    origin.rules.add({ steps: [{ wait_ms: 1500 }, { send: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' }] });
    const slow = curl(again.url, [`http://${HOST}/slow`]);
    await eventually(() => origin.requests.some(({ head }) => head.includes('/slow')), 'the request to arrive');
    again.child.kill('SIGTERM');
    await page.getByText('cosdiag is ending').waitFor();
    await slow;
  });

  test('when only the way to the program breaks, it reads afterwards what it missed', async (t) => {
    const { cosdiag } = await start_page(t);
    await refuse(cosdiag, 'anonymous');
    const way = await breakable(t, cosdiag.admin);
    const page = await visit(t, browser, way.url);
    await live(page);
    way.cut();
    await page.getByText('Not connected').waitFor();
    await refuse(cosdiag, 'expired', 'referer');
    await way.mend();
    await live(page);
    await page.locator('#count', { hasText: /^3 refusals$/ }).waitFor();
    assert.equal(await page.locator('.restart').count(), 0);
  });

  test('an id that memory does not have is said to be gone, and where it may still be', async (t) => {
    const { cosdiag } = await start_page(t);
    const page = await visit(t, browser, cosdiag.admin, { hash: '#id=0123456789abcdef' });
    await story_title(page, 'This 403 is not in memory').waitFor();
    await page.getByText('0123456789abcdef').waitFor();
    await page.getByText(cosdiag.log_file).waitFor();
  });

  test('of 10,000 entries only those in sight are in the document, and each can be reached', async (t) => {
    const { cosdiag } = await start_page(t);
    await refuse_many(cosdiag, 20, 501);
    const page = await visit(t, browser, cosdiag.admin);
    await page.getByText('20 older ones are no longer in memory.').waitFor();
    assert.equal(await page.locator('#count').textContent(), '10,000 refusals');
    const drawn = () => page.evaluate(() => document.querySelectorAll('*').length);
    assert.ok((await drawn()) < 1200);
    await page.locator('.row').first().focus();
    await page.keyboard.press('End');
    await page.locator('[aria-posinset="10000"]').waitFor();
    assert.ok((await drawn()) < 1200);

    const place = () => page.evaluate(() => document.activeElement.getBoundingClientRect().top);
    const before = await place();
    await refuse(cosdiag, 'expired');
    await page.getByRole('button', { name: '1 newer' }).waitFor();
    assert.ok(Math.abs((await place()) - before) < 1 || (await page.getByText('This page holds the newest').count()) > 0);
    await page.getByRole('button', { name: '1 newer' }).click();
    await row(page, "The signature's time is over").waitFor();
    await page.getByLabel('Search in everything').fill('private/7-499');
    await page.locator('#count', { hasText: '1 of 10,000 refusals' }).waitFor();
  });
});
