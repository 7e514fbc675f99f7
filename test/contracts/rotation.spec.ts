import { createHmac } from 'node:crypto';
import { defineTopic, hmac, standardWebhooks, timestamped } from 'nestjs-webhooks';
import {
  bare,
  chosenBy,
  choice,
  defineContract,
  djangoErrors,
  form,
  get,
  hostTopics,
  identifier,
  neverShown,
  overlapSeconds,
  post,
  publicKey,
  secret,
  topics,
  url,
  wrapped,
} from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const Paid = defineTopic('invoice.paid');

/** Rotates by a form, and shows the secret where it is rotated only. Its format has one signature. */
const single = defineContract({
  name: 'single',
  path: 'single/hooks',
  operations: { create: post(), read: get(':id'), rotate: post(':id/roll', { wrapper: bare }) },
  requests: form,
  wrapper: wrapped('hook'),
  fields: {
    id: identifier(),
    target: url(),
    events: topics(hostTopics, { default: ['*'] }),
    signing_key: secret({ from: 'either', shown: ['rotate'] }),
    expires_in: neverShown(overlapSeconds()),
  },
  errors: djangoErrors,
  delivery: { body: ({ payload }) => payload, signature: hmac({ header: 'X-Signature' }) },
});

/** Lets subscriptions choose between two ways to sign. */
const choosing = defineContract({
  name: 'choosing',
  path: 'choosing/hooks',
  operations: { create: post(), rotate: post(':id/rotate') },
  fields: {
    id: identifier(),
    url: url(),
    topics: topics(hostTopics, { default: ['*'] }),
    scheme: choice('scheme', ['list', 'pair'], { default: 'list', onlyOnCreate: true }),
    secret: secret({ from: 'server', keyPairs: true }),
    key: publicKey(),
  },
  errors: djangoErrors,
  delivery: {
    body: ({ payload }) => payload,
    signature: chosenBy('scheme', {
      list: timestamped({ header: 'X-Signed' }),
      pair: standardWebhooks({ version: 'v1a' }),
    }),
  },
});

describe('The operation "rotate" of any contract', () => {
  describeContracts({ contracts: [single, choosing], topics: [Paid] }, (host) => {
    const sendForm = async (route: string, fields: Record<string, string>) => {
      const headers = { authorization: 'Bearer acme', 'content-type': 'application/x-www-form-urlencoded' };
      return host().send(route, headers, new URLSearchParams(fields).toString());
    };
    const received = async (path: string) => {
      await host().webhooks.publish(Paid, { id: 1 }, { tenant: 'acme' });
      await host().webhooks.idle();
      return host().receiver.byPath(path).at(-1)!;
    };

    it('speaks as the contract does, and signs with the newest where there is one signature', async () => {
      const made = await sendForm('POST /single/hooks', {
        'hook[target]': host().receiver.url('/single'),
        'hook[signing_key]': 'first one',
      });
      const { id } = (made.body as { hook: { id: string } }).hook;
      expect(made.text).not.toContain('first one');
      const rolled = await sendForm(`POST /single/hooks/${id}/roll`, { expires_in: '60', signing_key: 'second one' });
      expect([rolled.status, rolled.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(rolled.body).toMatchObject({ id, signing_key: 'second one' });
      const { headers, body } = await received('/single');
      expect(headers['x-signature']).toBe(createHmac('sha256', 'second one').update(body).digest('hex'));
      const { secrets } = await host().subscriptions.get(id);
      expect(secrets.all().map(({ endsAt }) => endsAt)).toEqual([null, host().clock.now() + 60_000]);
    });

    it.each([['-1'], ['1.5'], ['soon'], ['604801']])('refuses an overlap of %s in its own words', async (seconds) => {
      const made = await sendForm('POST /single/hooks', { 'hook[target]': host().receiver.url('/other') });
      const { id } = (made.body as { hook: { id: string } }).hook;
      const { status, body } = await sendForm(`POST /single/hooks/${id}/roll`, { expires_in: seconds });
      expect([status, Object.keys(body as object)]).toEqual([400, ['expires_in']]);
    });

    it('makes a secret of the kind that the subscription has chosen, and shows no private key', async () => {
      const wanted = { url: host().receiver.url('/list') };
      const list = (await host().call('POST /choosing/hooks', wanted)).body as { id: string; secret: string };
      expect(list).toMatchObject({
        scheme: 'list',
        key: null,
        secret: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
      await host().call(`POST /choosing/hooks/${list.id}/rotate`, {});
      const signed = String((await received('/list')).headers['x-signed']);
      expect(signed.split(',').map((part) => part.split('=')[0])).toEqual(['t', 'v1', 'v1']);

      const pair = await host().call('POST /choosing/hooks', { url: host().receiver.url('/pair'), scheme: 'pair' });
      expect(pair.body).toMatchObject({ secret: null, key: expect.stringMatching(/^whpk_/) as string });
      const rotated = await host().call(`POST /choosing/hooks/${(pair.body as { id: string }).id}/rotate`, {});
      expect(rotated.body).toMatchObject({ secret: null, key: expect.stringMatching(/^whpk_/) as string });
      expect((rotated.body as { key: string }).key).not.toBe((pair.body as { key: string }).key);
    });
  });
});
