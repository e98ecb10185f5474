// SPDX-License-Identifier: Apache-2.0
// A real Chromium on the live page: what it complains of, and what axe finds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export async function start_browser(t) {
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => browser.close());
  return browser;
}

/** The page in a context of its own; whatever the browser complains of is in `page.complaints`. */
export async function open_page(browser, url, { lang = 'en-US', theme = 'light', width = 1280, hash = '', bypass_csp = false } = {}) {
  const context = await browser.newContext({
    locale: lang,
    colorScheme: theme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
    bypassCSP: bypass_csp,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(error.message));
  await page.goto(`${url}/${hash}`);
  return page;
}

export const live = (page) => page.locator('#link-state[data-state="live"]').waitFor();

/** Fails with what axe finds on the page as it stands; the page has to be open with `bypass_csp`. */
export async function expect_accessible(page, what) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`);
  assert.deepEqual(found, [], what);
}
