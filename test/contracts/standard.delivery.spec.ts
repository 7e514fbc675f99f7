import { ContractDelivery } from '../../lib/contracts/delivery/contract-delivery';
import { standard } from '../../lib/contracts/standard/standard.contract';
import type { WebhookEvent } from '../../lib/events/event';
import { RetrySchedule } from '../../lib/retry/retry-schedule';
import type { Subscription } from '../../lib/subscriptions/subscription';

const tolerance = { failures: null, forMs: null };
const payloadFor = ({ payload }: WebhookEvent) => payload;
const schedule = new RetrySchedule(['5s']);
const defaults = { schedule, timeoutMs: 15_000, tolerance, publicUrl: '', payloadFor };
const delivery = new ContractDelivery(standard(), defaults);
const to = { url: 'https://example.com/hook', topics: ['*'], preferences: {} } as unknown as Subscription;

function event(payload: string): WebhookEvent {
  const createdAt = Date.parse('2026-01-02T03:04:05.678Z');
  return { id: 'evt_1', topic: 'order.shipped', tenant: 'acme', subject: null, payload, createdAt };
}

describe('A standard delivery', () => {
  it('posts type, timestamp and data to the URL of the subscription', () => {
    const { method, url, headers, body } = delivery.compose(event('{"id":1}'), to);
    expect([method, url, headers]).toEqual(['POST', to.url, { 'content-type': 'application/json' }]);
    expect(body).toBe('{"type":"order.shipped","timestamp":"2026-01-02T03:04:05.678Z","data":{"id":1}}');
  });

  it('sends the payload byte for byte as it was stored', () => {
    const payload = '{ "total": 1.10, "number": 12345678901234567890, "name": "\\u00e9\u2028" }';
    expect(delivery.compose(event(payload), to).body).toContain(`"data":${payload}}`);
  });

  it.each([200, 201, 202, 204, 299])('is taken with %s', (status) => {
    expect([delivery.succeeds(status), delivery.suspends(status)]).toEqual([true, null]);
  });

  it.each([100, 199, 300, 302, 400, 404, 429, 500, 503])('is not taken with %s', (status) => {
    expect([delivery.succeeds(status), delivery.suspends(status)]).toEqual([false, null]);
  });

  it('turns the subscription off with 410', () => {
    expect([delivery.succeeds(410), delivery.suspends(410)]).toEqual([false, 'gone']);
  });
});
