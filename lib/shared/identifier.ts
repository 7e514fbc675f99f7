import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

let lastMs = 0;
let sequence = 0;

/**
 * A new identifier: the prefix, an underscore and the 32 hex digits of a UUIDv7 (RFC 9562), so that identifiers
 * sort by the time they were made, and those of one process by the order they were made in.
 *
 * @example identifier('evt') // 'evt_019abc4e5f607b3d8a1c2e4f60718293'
 */
export function identifier(prefix: string, nowMs = Date.now()): string {
  advance(nowMs);
  const time = lastMs.toString(16).padStart(12, '0');
  const counter = (0x7000 | sequence).toString(16);
  const random = randomBytes(8);
  random[0] = (random[0]! & 0x3f) | 0x80;
  return `${prefix}_${time}${counter}${random.toString('hex')}`;
}

/** The same identifier as a UUID with dashes and no prefix, for APIs that speak UUID. */
export function identifierToUuid(id: string): string {
  const hex = id.slice(-32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function advance(nowMs: number): void {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
}

function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + count);
  used += count;
  return bytes;
}
