import { createHmac, randomBytes } from 'node:crypto';

export function newKey(): Buffer {
  return randomBytes(32);
}

/** The headers of Standard Webhooks, by hand. */
export function signatureHeaders(id: string, body: string, key: Buffer): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
