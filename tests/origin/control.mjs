// SPDX-License-Identifier: Apache-2.0
// The control port: JSON over HTTP for whoever runs the stand-in as a program of its own.
//   GET /requests   DELETE /requests   POST /rules   DELETE /rules   PUT /settings {clock_offset_ms, placement}
//   POST /world {keys, buckets, objects}   POST /reset
import http from 'node:http';

const ROUTES = {
  'GET /requests': (origin) => origin.recorded(),
  'DELETE /requests': (origin) => void (origin.requests = []),
  'POST /rules': (origin, rule) => origin.rules.add(rule),
  'DELETE /rules': (origin) => origin.rules.clear(),
  'PUT /settings': (origin, { clock_offset_ms = origin.clock_offset_ms, placement = origin.placement }) =>
    void Object.assign(origin, { clock_offset_ms, placement }),
  'POST /world': (origin, additions) => origin.world.merge(additions),
  'POST /reset': (origin) => origin.reset(),
};

/** An HTTP server, not yet listening, that steers and reads `origin`. */
export function start_control(origin) {
  return http.createServer(async (request, response) => {
    const pieces = await request.toArray();
    const route = ROUTES[`${request.method} ${request.url}`];
    try {
      if (!route) throw new Error('no such route');
      const text = Buffer.concat(pieces).toString();
      const result = route(origin, text ? JSON.parse(text) : {}) ?? null;
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(result));
    } catch (error) {
      response.writeHead(400).end(`${error.message}\n`);
    }
  });
}
