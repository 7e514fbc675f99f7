import { createHmac } from 'node:crypto';

/** A key such as `openssl rand -base64 32` makes, always the same for a number. */
export function aKey(number: number): string {
  return Buffer.alloc(32, number).toString('base64');
}

/** The name that a key has in stored texts and in errors. */
export function idOfKey(key: string): string {
  const mac = createHmac('sha256', Buffer.from(key, 'base64')).update('nestjs-webhooks: the id of this key');
  return mac.digest('hex').slice(0, 16);
}
