// SPDX-License-Identifier: Apache-2.0
// The live page in a real browser: what it shows, in both languages and themes, by keyboard, and when the program goes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { start_origin } from '../origin/origin.mjs';
import { BUCKET, HOTLINK_BUCKET, KEYS } from '../origin/world.mjs';
import { expect_accessible, live, open_page, start_browser } from './support/browser.mjs';
import { HOST, authorization, curl, host_of, key_time, presigned } from './support/clients.mjs';
import { start_cosdiag } from './support/cosdiag.mjs';
import { eventually } from './support/environment.mjs';

/** The program with its admin listener, before a stand-in. */
async function start(t, args = []) {
  const origin = await start_origin();
  t.after(() => origin.close());
  const cosdiag = await start_cosdiag(t, origin.port, ['--admin', '127.0.0.1:0', ...args]);
  cosdiag.admin = /live page\s+(http:\/\/[^/]+)/.exec(cosdiag.stderr)[1];
  return { origin, cosdiag };
}

const object = `http://${HOST}/exampleobject`;
const skewed = { 'x-cos-date': new Date(Date.now() - 3_600_000).toUTCString() };

/** One refusal of each kind that the page draws in a way of its own. */
const REFUSALS = {
  anonymous: [`http://${HOST}/private`],
  expired: [presigned(KEYS.root, { window: key_time(-7200, -3600) })],
  skewed: ['-H', `x-cos-date: ${skewed['x-cos-date']}`, '-H', `Authorization: ${authorization(KEYS.root, { headers: skewed })}`, object],
  denied: [presigned(KEYS.uploader, { bucket: BUCKET })],
  referer: ['-e', 'https://blog.example/post', `http://${host_of(HOTLINK_BUCKET)}/picture.png`],
};

const refuse = async (cosdiag, ...names) => {
  for (const name of names) assert.equal((await curl(cosdiag.url, REFUSALS[name])).status, 403, name);
};

const row = (page, cause) => page.locator('.row', { has: page.getByText(cause, { exact: true }) });

describe('e2e/page', () => {
  let browser;
  const ending = [];
  before(async () => {
    browser = await start_browser({ after: (end) => ending.push(end) });
  });
  after(() => Promise.all(ending.map((end) => end())));

  test('without any 403 it teaches the first steps; the first one appears by itself and is announced', async (t) => {
    const { cosdiag } = await start(t);
    const page = await open_page(browser, cosdiag.admin);
    await live(page);
    await page.getByText('No 403 so far').waitFor();
    await page.getByText('cosdiag env').first().waitFor();
    await refuse(cosdiag, 'anonymous');
    await row(page, 'The request is not signed').waitFor();
    await eventually(async () => /New: The request is not signed, GET/.test(await page.locator('#announcer').textContent()), 'the announcement');
    assert.deepEqual(page.complaints, []);
  });

  test('a diagnosis is a story: what happened, what to do, how it is known, what to copy', async (t) => {
    const { cosdiag } = await start(t);
    await refuse(cosdiag, 'expired', 'denied', 'skewed');
    const page = await open_page(browser, cosdiag.admin);
    await row(page, "The signature's time is over").click();
    const story = page.locator('#story');
    await story.getByRole('heading', { name: "The signature's time is over" }).waitFor();
    await story.getByText('What to do').waitFor();
    await story.getByText(/The signature was good from .* for 60 min\. COS’s clock was 60 min past its end\./).waitFor();
    assert.ok((await story.locator('.window svg .span').boundingBox()).width > 100);
    const [clock, span] = [await story.locator('.window .now').boundingBox(), await story.locator('.window .span').boundingBox()];
    assert.ok(clock.x > span.x + span.width, 'the clock stands behind the window');

    const id = await story.locator('.mono').first().textContent();
    await story.getByRole('button', { name: 'Copy: RequestId' }).click();
    assert.ok(id.startsWith((await page.evaluate(() => navigator.clipboard.readText())).split('\n')[0]));

    await row(page, 'The key lacks the right for this call').click();
    await story.getByRole('button', { name: 'Copy: A statement' }).click();
    const policy = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.ok(JSON.stringify(policy).includes('name/cos:GetObject'));

    await row(page, 'The clock of the signing machine is wrong').click();
    await story.locator('.window .client').waitFor({ state: 'attached' });
    assert.deepEqual(page.complaints, []);
  });

  test('two readings of one string stand side by side, with the differing piece marked', async (t) => {
    const { origin, cosdiag } = await start(t);
    // COS decodes + in a path to a blank, and answers with the text that it signed itself.
    const times = key_time(-60, 600);
    const text = `get\n/a b.txt\n\nhost=${HOST}\n`;
    const to_sign = `sha1\n${times}\n${createHash('sha1').update(text).digest('hex')}\n`;
    const body =
      '<Error><Code>SignatureDoesNotMatch</Code><Message>The Signature you specified is invalid.</Message>' +
      `<StringToSign>${to_sign}</StringToSign><FormatString>${text}</FormatString></Error>`;
    const head = `HTTP/1.1 403 Forbidden\r\nServer: tencent-cos\r\nContent-Length: ${body.length}\r\n\r\n`;
    origin.rules.add({ steps: [{ send: head + body }] });
    const signed = authorization(KEYS.root, { object: 'a+b.txt', window: times });
    await curl(cosdiag.url, ['-H', `Authorization: ${signed}`, `http://${HOST}/a+b.txt`]);
    const page = await open_page(browser, cosdiag.admin);
    await row(page, 'COS read another path than was signed').click();
    assert.match(await page.locator('.pair .ours .text').textContent(), /^\/a \[the differing piece: \+\] b\.txt$/);
    assert.match(await page.locator('.pair .theirs .text').textContent(), /^\/a \[the differing piece: U\+0020\] b\.txt$/);
  });

  test('tries of one call that failed alike are one row, whose number grows', async (t) => {
    const { cosdiag } = await start(t);
    await refuse(cosdiag, 'denied');
    const page = await open_page(browser, cosdiag.admin);
    await row(page, 'The key lacks the right for this call').waitFor();
    await refuse(cosdiag, 'denied', 'denied');
    await page.getByText('3 tries').waitFor();
    assert.equal(await page.locator('.row').count(), 1);
    await page.locator('.row').click();
    await page.getByText('All tries').click();
    assert.equal(await page.locator('#story details[open] li').count(), 3);
  });

  test('filters narrow the list, are kept in the address, and an own link leads back to them', async (t) => {
    const { cosdiag } = await start(t);
    await refuse(cosdiag, 'anonymous', 'expired', 'denied', 'referer');
    const page = await open_page(browser, cosdiag.admin);
    await page.getByText('4 requests').waitFor();
    await page.getByLabel('Bucket').fill('hotlink');
    await page.getByText('1 of 4 requests').waitFor();
    assert.match(page.url(), /#bucket=hotlink$/);
    const again = await open_page(browser, page.url().replace('/#', '').replace('bucket=hotlink', ''), { hash: '#bucket=hotlink' });
    await again.getByText('1 of 4 requests').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Cause').selectOption('signature-expired');
    await page.getByText('1 of 4 requests').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Any text').fill('AKIDExam...Ex01');
    await eventually(async () => (await page.locator('.row').count()) === 1, 'one row');
    await page.getByLabel('Any text').fill('no such thing anywhere');
    await page.getByText('No request fits these filters.').waitFor();
  });

  test('the keyboard goes through list and story, and back', async (t) => {
    const { cosdiag } = await start(t);
    await refuse(cosdiag, 'anonymous', 'expired', 'denied');
    const page = await open_page(browser, cosdiag.admin);
    await page.getByText('3 requests').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    const focused = () => page.evaluate(() => document.activeElement.querySelector('.cause')?.textContent);
    assert.equal(await focused(), 'The key lacks the right for this call');
    await page.keyboard.press('j');
    assert.equal(await focused(), "The signature's time is over");
    await page.keyboard.press('End');
    assert.equal(await focused(), 'The request is not signed');
    await page.keyboard.press('Enter');
    await page.locator('#story').getByRole('heading', { name: 'The request is not signed' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Choose a request').waitFor();
    assert.equal(await focused(), 'The request is not signed');
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'text');
  });

  test('text from clients and COS stays text, and what would turn it round is shown', async (t) => {
    const { origin, cosdiag } = await start(t);
    const hostile = '<img src=x onerror=document.title="owned"><script>document.title="owned"</script>';
    origin.rules.add({
      steps: [
        {
          send:
            'HTTP/1.1 403 Forbidden\r\nServer: tencent-cos\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n' +
            `<Error><Code>AccessDenied</Code><Message>Access Denied.${hostile.replaceAll('<', '&lt;')}</Message></Error>`,
        },
        { end: true },
      ],
    });
    const path = `/${encodeURIComponent('a\u202egnp.exe <b>x</b>')}`;
    await curl(cosdiag.url, ['-A', hostile, `http://${HOST}${path}`]);
    const page = await open_page(browser, cosdiag.admin);
    await page.locator('.row').first().click();
    await page.locator('#story').getByText(hostile).first().waitFor();
    await page.locator('.row .ctl', { hasText: 'U+202E' }).waitFor();
    assert.equal(await page.locator('img, script:not([type])').count(), 0);
    assert.ok(!(await page.title()).includes('owned'));
    assert.deepEqual(page.complaints, []);
  });

  test('axe finds nothing in any state, language, theme or width', async (t) => {
    const { cosdiag } = await start(t, ['--data-dir', '/nonexistent/data']);
    for (const refused of [false, true]) {
      if (refused) await refuse(cosdiag, 'anonymous', 'expired', 'denied', 'referer');
      for (const [lang, theme, width] of [
        ['en-US', 'light', 1280],
        ['zh-CN', 'dark', 1280],
        ['zh-CN', 'light', 320],
        ['en-US', 'dark', 320],
      ]) {
        const page = await open_page(browser, cosdiag.admin, { lang, theme, width, bypass_csp: true });
        await live(page);
        const what = `${refused ? 'with refusals' : 'empty'}, ${lang}, ${theme}, ${width}`;
        await expect_accessible(page, `list ${what}`);
        if (refused) {
          await page.locator('.row').nth(2).click();
          await page.locator('#story h2').waitFor();
          await expect_accessible(page, `story ${what}`);
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `nothing is wider than the window: ${what}`);
        await page.goto(`${cosdiag.admin}/#view=setup`);
        await page.locator('#view-setup h2').first().waitFor();
        await expect_accessible(page, `set-up ${what}`);
        await page.context().close();
      }
    }
  });

  test('language and theme can be chosen and are kept', async (t) => {
    const { cosdiag } = await start(t);
    await refuse(cosdiag, 'anonymous');
    const page = await open_page(browser, cosdiag.admin, { lang: 'zh-CN', theme: 'dark' });
    await row(page, '请求没有签名').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Light' }).click();
    await row(page, 'The request is not signed').waitFor();
    await page.reload();
    await row(page, 'The request is not signed').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  });

  test('when the program goes it says so, and when it is back it goes on with what is new', async (t) => {
    const { origin, cosdiag } = await start(t);
    await refuse(cosdiag, 'anonymous', 'expired');
    const page = await open_page(browser, cosdiag.admin);
    await page.getByText('2 requests').waitFor();
    cosdiag.child.kill('SIGKILL');
    await page.getByText('connection lost, trying again').waitFor();
    const admin = cosdiag.admin.replace('http://', '');
    const again = await start_cosdiag(t, origin.port, ['--admin', admin]);
    await refuse(again, 'denied');
    await live(page);
    await page.getByText('The program was started anew').waitFor();
    await page.getByText('1 request', { exact: true }).waitFor();
    await row(page, 'The key lacks the right for this call').waitFor();
    origin.rules.add({ steps: [{ wait_ms: 1500 }, { send: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' }] });
    const slow = curl(again.url, [`http://${HOST}/slow`]);
    await eventually(() => origin.requests.some(({ head }) => head.includes('/slow')), 'the request to arrive');
    again.child.kill('SIGTERM');
    await page.getByText('the program is ending').waitFor();
    await slow;
  });

  test('10,000 entries load, and only some of them become rows', async (t) => {
    const { cosdiag } = await start(t);
    const request = `GET http://${HOST}/private/@ HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    await Promise.all(
      Array.from({ length: 20 }, (_, client) => ask_many(cosdiag.port, (at) => request.replace('@', `${client}-${at}`), 500)),
    );
    const page = await open_page(browser, cosdiag.admin);
    await page.getByText('10000 requests', { exact: true }).waitFor();
    assert.equal(await page.locator('.row').count(), 200);
    assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) < 3000);
    await page.getByRole('button', { name: 'Show 200 more' }).click();
    assert.equal(await page.locator('.row').count(), 400);
    await page.getByLabel('Object key').fill('private/7-499');
    await page.getByText('1 of 10000 requests').waitFor();
  });
});

/** Asks so many times over one connection, one after the other. */
function ask_many(port, request, count) {
  return new Promise((resolve, reject) => {
    let answered = 0;
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request(0)));
    socket.on('error', reject);
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      if (!text.endsWith('</Error>\n\n')) return;
      text = '';
      answered += 1;
      if (answered === count) (resolve(), socket.destroy());
      else socket.write(request(answered));
    });
  });
}
