import { isAbsolute } from 'node:path';
import { settingsFrom } from '../../sample-app/settings';

it('needs nothing to be set', () => {
  const { port, database, retry } = settingsFrom({});
  expect({ port, retry, type: database.type }).toEqual({ port: 3000, retry: {}, type: 'better-sqlite3' });
  expect(isAbsolute(String(database.database))).toBe(true);
  expect(database.database).toMatch(/sample-app.data.sample\.sqlite$/);
});

it.each([
  ['sqlite:/tmp/some.sqlite', { type: 'better-sqlite3', database: '/tmp/some.sqlite' }],
  ['postgres://me@host/name', { type: 'postgres', url: 'postgres://me@host/name' }],
  ['mysql://me@host/name', { type: 'mysql', url: 'mysql://me@host/name' }],
])('takes the database from %s', (url, expected) => {
  expect(settingsFrom({ DATABASE_URL: url }).database).toEqual(expected);
});

it('takes the waits between attempts from a list', () => {
  expect(settingsFrom({ WEBHOOKS_RETRY_SCHEDULE: '1s, 2s,5m' }).retry).toEqual({ schedule: ['1s', '2s', '5m'] });
  expect(settingsFrom({ WEBHOOKS_RETRY_SCHEDULE: 'none' }).retry).toEqual({ schedule: [] });
});

it('takes the keys that secrets are encrypted with from a list, and has one for development', () => {
  expect(settingsFrom({ WEBHOOKS_ENCRYPTION_KEYS: 'one,two' }).encryptionKeys).toEqual(['one', 'two']);
  const [key] = settingsFrom({}).encryptionKeys;
  expect(Buffer.from(key!, 'base64')).toHaveLength(32);
});

it.each([
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['DATABASE_URL', 'mongodb://host/name'],
  ['WEBHOOKS_RETRY_SCHEDULE', '1s,later'],
  ['WEBHOOKS_RETRY_SCHEDULE', ''],
])('refuses to boot with %s=%s and says what is wrong', (name, value) => {
  expect(() => settingsFrom({ [name]: value })).toThrow(name);
});
