// SPDX-License-Identifier: Apache-2.0
import { start_origin } from './origin.mjs';

/** A stand-in for one test; `url` makes it do for a proxy, since it takes absolute-form as well. */
export async function origin_for(t, settings) {
  const origin = await start_origin(settings);
  t.after(() => origin.close());
  return { origin, url: `http://127.0.0.1:${origin.port}` };
}
