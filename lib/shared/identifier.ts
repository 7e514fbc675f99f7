import { randomBytes } from 'node:crypto';

/** Random bytes as hex digits, made for many identifiers at a time. */
const POOL_BYTES = 4096;
const DIGITS_EACH = 16;
let pool = '';
let used = 0;

let lastMs = 0;
let time = '';
let sequence = 0;

/**
 * A new identifier: the prefix, an underscore and the 32 hex digits of a UUIDv7 (RFC 9562), so that identifiers
 * sort by the time they were made, and those of one process by the order they were made in.
 *
 * @example identifier('evt', clock.now()) // 'evt_019abc4e5f607b3d8a1c2e4f60718293'
 */
export function identifier(prefix: string, nowMs: number): string {
  advance(nowMs);
  const counter = (0x7000 | sequence).toString(16);
  return `${prefix}_${time}${counter}${randomDigits()}`;
}

/** What comes before every identifier that is made at this time or later, and after every earlier one. */
export function earliestIdentifier(prefix: string, atMs: number): string {
  return `${prefix}_${atMs.toString(16).padStart(12, '0')}`;
}

/** When an identifier was made, in milliseconds since the epoch. */
export function timeOfIdentifier(id: string): number {
  return parseInt(id.slice(id.indexOf('_') + 1).slice(0, 12), 16);
}

/** The same identifier as a UUID with dashes and no prefix, for APIs that speak UUID. */
export function identifierToUuid(id: string): string {
  const hex = id.slice(-32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function advance(nowMs: number): void {
  if (nowMs > lastMs) setTime(nowMs);
  else if (++sequence > 0xfff) setTime(lastMs + 1);
}

function setTime(ms: number): void {
  lastMs = ms;
  time = ms.toString(16).padStart(12, '0');
  sequence = 0;
}

/** The second half of a UUID: two bits say which variant it is, the rest is random. */
function randomDigits(): string {
  if (used === pool.length) {
    pool = randomBytes(POOL_BYTES).toString('hex');
    used = 0;
  }
  const first = '89ab'[parseInt(pool[used]!, 16) & 3]!;
  const rest = pool.slice(used + 1, used + DIGITS_EACH);
  used += DIGITS_EACH;
  return first + rest;
}
