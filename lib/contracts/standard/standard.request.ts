import type { DescribedRequest, DescribedTopic } from '../delivery/described-request';

const SENT_AT = '2026-01-31T12:00:00.000Z';
const VERIFY =
  'Standard Webhooks (https://www.standardwebhooks.com): "v1," and the base64 of the HMAC-SHA256 of ' +
  '`{webhook-id}.{webhook-timestamp}.{body}` with the secret of the subscription, or "v1a," and the base64 of its Ed25519 ' +
  'signature; several are separated by spaces, and one that is right is enough. Verify the bytes that came, and refuse ' +
  'timestamps that are minutes away.';

/** What a delivery of the standard contract looks like. */
export function standardRequest({ name, payload, example }: DescribedTopic): DescribedRequest {
  return {
    body: {
      type: 'object',
      required: ['type', 'timestamp', 'data'],
      properties: {
        type: { const: name, type: 'string', description: 'The topic.' },
        timestamp: { type: 'string', format: 'date-time', description: 'When it happened.' },
        data: payload,
      },
    },
    headers: {
      'webhook-id': {
        description: 'The id of the event: the same at every attempt, so that receivers see what they have had before.',
        schema: { type: 'string', examples: ['evt_019abc4e5f607b3d8a1c2e4f60718293'] },
      },
      'webhook-timestamp': {
        description: 'When this attempt was made, in seconds since the epoch.',
        schema: { type: 'string', pattern: '^[0-9]+$', examples: ['1769860800'] },
      },
      'webhook-signature': { description: VERIFY, schema: { type: 'string' } },
    },
    ...(example && { example: { type: name, timestamp: SENT_AT, data: example } }),
    signature: { header: 'webhook-signature', description: VERIFY },
  };
}
