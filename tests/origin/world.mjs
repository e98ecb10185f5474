// SPDX-License-Identifier: Apache-2.0
// The state of the stand-in: accounts, keys, buckets, objects; all in memory. `sample_world` is the one tests start from.
import { createHash } from 'node:crypto';

export const APPID = '1250000000';
export const OTHER_APPID = '1259999999';
export const REGION = 'ap-guangzhou';
export const BUCKET = `examplebucket-${APPID}`;
export const PUBLIC_BUCKET = `publicbucket-${APPID}`;
export const HOTLINK_BUCKET = `hotlinkbucket-${APPID}`;
export const OTHER_BUCKET = `otherbucket-${OTHER_APPID}`;

/** Keys of the right shape that open nothing. The secrets carry a word that a leak test can look for. */
export const KEYS = {
  root: {
    secret_id: 'AKIDExampleRootExampleRootExampleR00',
    secret_key: 'PlantedSecretOfTheRootAccount001',
    kind: 'root',
    appid: APPID,
  },
  uploader: {
    secret_id: 'AKIDExampleSubUserExampleSubUserEx01',
    secret_key: 'PlantedSecretOfTheUploader000002',
    kind: 'sub',
    uin: '100000000011',
    appid: APPID,
    statements: [allow(['name/cos:PutObject', 'name/cos:HeadObject'], `${BUCKET}/uploads/*`)],
  },
  disabled: {
    secret_id: 'AKIDExampleDisabledExampleDisabled02',
    secret_key: 'PlantedSecretOfTheDisabledKey003',
    kind: 'sub',
    appid: APPID,
    disabled: true,
  },
  other_account: {
    secret_id: 'AKIDExampleOtherExampleOtherExampl03',
    secret_key: 'PlantedSecretOfTheOtherAccount04',
    kind: 'root',
    appid: OTHER_APPID,
  },
  temporary: {
    secret_id: 'AKIDExampleTemporary_Q9Jt2fExampleTemporary-Example_TemporaryKey0004',
    secret_key: 'PlantedSecretOfTheTemporaryKey05',
    token: 'PlantedTokenPlantedTokenPlantedTokenPlantedTokenPlantedTokenPlanted_-0006',
    kind: 'temporary',
    appid: APPID,
    statements: [allow(['name/cos:PutObject'], `${BUCKET}/uploads/*`)],
  },
};

/** A CAM statement over resources given as `<bucket>-<appid>/<key pattern>`. */
export function allow(actions, resource) {
  const appid = resource.split('/')[0].split('-').at(-1);
  return { effect: 'allow', action: actions, resource: [`qcs::cos:${REGION}:uid/${appid}:${resource}`] };
}

export function make_object(body, extra = {}) {
  const bytes = Buffer.from(body);
  return {
    body: bytes,
    etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
    modified: new Date(1_700_000_000_000),
    content_type: 'application/octet-stream',
    storage_class: 'STANDARD',
    meta: {},
    ...extra,
  };
}

export class Bucket {
  constructor(name, { region = REGION, acl = 'private', policy = [], referer = null, cors = [] } = {}) {
    Object.assign(this, { name, region, acl, policy, referer, cors });
    this.appid = name.split('-').at(-1);
    this.objects = new Map();
    this.uploads = new Map();
    this.documents = new Map(); // sub-resources kept as the bytes that were put: tagging, lifecycle, versioning …
  }
}

export class World {
  constructor() {
    this.keys = new Map();
    this.buckets = new Map();
  }

  add_key(key) {
    this.keys.set(key.secret_id, { statements: [], ...key });
  }

  add_bucket(name, settings) {
    const bucket = new Bucket(name, settings);
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** Takes what a test sends over the control port: keys, buckets and objects to add or replace. */
  merge({ keys = [], buckets = [], objects = [] }) {
    keys.forEach((key) => this.add_key(key));
    buckets.forEach(({ name, ...settings }) => {
      if (this.buckets.has(name)) Object.assign(this.buckets.get(name), settings);
      else this.add_bucket(name, settings);
    });
    objects.forEach(({ bucket, key, body = '', ...extra }) => {
      this.buckets.get(bucket).objects.set(key, make_object(body, extra));
    });
  }
}

export function sample_world() {
  const world = new World();
  Object.values(KEYS).forEach((key) => world.add_key(key));
  const example = world.add_bucket(BUCKET, {
    cors: [
      { origins: ['https://www.example.com'], methods: ['GET', 'PUT'], headers: ['*'], expose: ['ETag'], max_age: 600 },
    ],
  });
  example.objects.set('exampleobject', make_object('hello from the stand-in\n', { content_type: 'text/plain' }));
  example.objects.set('archived', make_object('cold bytes', { storage_class: 'ARCHIVE' }));
  const open = world.add_bucket(PUBLIC_BUCKET, { acl: 'public-read' });
  open.objects.set('exampleobject', make_object('anyone may read this\n', { content_type: 'text/plain' }));
  const guarded = world.add_bucket(HOTLINK_BUCKET, {
    acl: 'public-read',
    referer: { enabled: true, type: 'White-List', domains: ['www.example.com'], empty: 'Deny' },
  });
  guarded.objects.set('picture.png', make_object('not really a picture', { content_type: 'image/png' }));
  world.add_bucket(OTHER_BUCKET).objects.set('exampleobject', make_object('of another account\n'));
  return world;
}
