import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { standardWebhooks } from 'nestjs-webhooks';
import { Webhook } from 'standardwebhooks';
import { describeManagement, type Answer } from './management-host';

interface SecretsBody {
  readonly signature: string;
  readonly publicKey: string | null;
  readonly secret: string | null;
  readonly keys: readonly (JsonWebKey & { readonly kid: string })[];
}

describe('Secrets over the management API', () => {
  describeManagement((host) => {
    const call = async (route: string, body?: unknown, caller = 'acme') => {
      const answer = await host().call(caller, `${route.replace(' ', ' /webhooks/')}`, body);
      return { ...answer, body: answer.body as unknown as Answer['body'] & SecretsBody };
    };
    const create = async (wanted: object = {}, caller = 'acme') => {
      const url = host().receiver.url('/hook');
      return (await call('POST subscriptions', { url, topics: ['*'], ...wanted }, caller)).body;
    };
    const rotate = (id: string, body: unknown = {}, caller = 'acme') =>
      call(`POST subscriptions/${id}/rotate-secret`, body, caller);
    const delivered = async () => {
      const count = host().receiver.requests.length;
      await host().webhooks.publish('order.shipped', { account: 'acme' });
      await host().webhooks.idle();
      return host().receiver.requests.slice(count);
    };

    beforeEach(async () => {
      for (const caller of ['acme', 'globex']) {
        const { data } = (await call('GET subscriptions', undefined, caller)).body;
        for (const { id } of data) await call(`DELETE subscriptions/${id}`, undefined, caller);
      }
    });

    describe('to rotate one', () => {
      it('answers the subscription with the new secret, which is shown this once and kept in no cache', async () => {
        const made = await create();
        const { status, headers, body } = await rotate(made.id);
        expect(status).toBe(200);
        expect(headers.get('cache-control')).toBe('no-store');
        expect(body).toEqual({ ...made, updatedAt: body.updatedAt, secret: body.secret });
        expect(body.secret).toMatch(/^whsec_/);
        expect(body.secret).not.toBe(made.secret);
        expect((await call(`GET subscriptions/${made.id}`)).body).not.toHaveProperty('secret');
      });

      it('lets both sign until the overlap is over', async () => {
        const made = await create();
        const { secret } = (await rotate(made.id, { overlapSeconds: 3_600 })).body;
        const [request] = await delivered();
        for (const each of [made.secret, secret]) {
          expect(() => new Webhook(each).verify(request!.body, request!.headers as never)).not.toThrow();
        }
        const last = (await rotate(made.id, { overlapSeconds: 0 })).body.secret;
        const [next] = await delivered();
        expect(() => new Webhook(secret).verify(next!.body, next!.headers as never)).toThrow('No matching signature');
        expect(() => new Webhook(last).verify(next!.body, next!.headers as never)).not.toThrow();
      });

      it('takes one that was brought along', async () => {
        const { id } = await create();
        const secret = standardWebhooks().generateSecret();
        expect((await rotate(id, { secret })).body.secret).toBe(secret);
      });

      it.each([
        [{ overlapSeconds: -1 }, 400, 'overlapSeconds'],
        [{ overlapSeconds: 604_801 }, 400, 'overlapSeconds'],
        [{ overlapSeconds: '60' }, 400, 'overlapSeconds'],
        [{ overlapSeconds: null }, 400, 'overlapSeconds'],
        [{ secret: 5 }, 400, 'secret'],
        [{ secret: 'not a secret' }, 422, 'secret'],
        [{ url: 'https://example.com' }, 400, 'url'],
      ])('refuses %j with %i', async (body, status, field) => {
        const { id } = await create();
        const answer = await rotate(id, body);
        expect([answer.status, answer.body.errors.map((each) => each.field)]).toEqual([status, [field]]);
      });

      it('takes JSON only, so that no form of a foreign page can do it', async () => {
        const { id } = await create();
        expect((await call(`POST subscriptions/${id}/rotate-secret`)).status).toBe(415);
      });

      it('answers others that there is no such subscription', async () => {
        const { id } = await create();
        expect((await rotate(id, {}, 'globex')).status).toBe(404);
      });

      it('says what is the matter when too many sign already', async () => {
        const { id } = await create();
        for (let times = 0; times < 9; times++) await rotate(id);
        const { status, body } = await rotate(id);
        expect([status, body.errors[0]!.field]).toEqual([422, 'overlapSeconds']);
      });
    });

    describe('with a key pair', () => {
      it('show the public key in every answer, and the private one in none', async () => {
        const made = await create({ signature: 'v1a' });
        expect(made).toMatchObject({ signature: 'v1a', secret: null });
        expect(made.publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
        const rotated = (await rotate(made.id)).body;
        expect(rotated).toMatchObject({ signature: 'v1a', secret: null });
        expect(rotated.publicKey).toMatch(/^whpk_/);
        expect(rotated.publicKey).not.toBe(made.publicKey);
        const answers = [
          (await call(`GET subscriptions/${made.id}`)).body,
          (await call(`PATCH subscriptions/${made.id}`, { description: 'x' })).body,
          (await call('GET subscriptions')).body.data[0]!,
        ];
        for (const body of answers) expect(body).toMatchObject({ signature: 'v1a', publicKey: rotated.publicKey });
        expect(JSON.stringify(answers)).not.toContain('whsk_');
      });

      it('are made with one that was brought along', async () => {
        const v1a = standardWebhooks({ version: 'v1a' });
        const secret = v1a.generateSecret();
        const made = await create({ signature: 'v1a', secret });
        expect([made.publicKey, made.secret]).toEqual([v1a.verificationKey(secret), null]);
      });

      it('are what they were made as', async () => {
        const { id } = await create({ signature: 'v1a' });
        expect((await call(`PATCH subscriptions/${id}`, { signature: 'v1' })).status).toBe(400);
        expect(
          (await call('POST subscriptions', { url: 'https://example.com', topics: ['*'], signature: 'v2' })).status,
        ).toBe(400);
      });
    });

    describe('as a JWK Set', () => {
      it('are the active public keys, each of which Node verifies deliveries with', async () => {
        const made = await create({ signature: 'v1a' });
        await create();
        await rotate(made.id);
        const { status, body } = await call('GET jwks');
        expect(status).toBe(200);
        expect(body.keys).toHaveLength(2);
        const request = (await delivered()).find(({ headers }) =>
          String(headers['webhook-signature']).startsWith('v1a,'),
        )!;
        const { headers } = request;
        const signed = Buffer.from(
          `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${request.body}`,
        );
        const signatures = String(headers['webhook-signature']).split(' ');
        for (const jwk of body.keys) {
          expect(jwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x: jwk.x, kid: jwk.kid, use: 'sig', alg: 'EdDSA' });
          const key = createPublicKey({ key: jwk, format: 'jwk' });
          const fits = (text: string) => verify(null, signed, key, Buffer.from(text.slice('v1a,'.length), 'base64'));
          expect(signatures.filter(fits)).toHaveLength(1);
        }
        await rotate(made.id, { overlapSeconds: 0 });
        const [only, ...others] = (await call('GET jwks')).body.keys;
        expect(others).toEqual([]);
        expect(body.keys.map(({ kid }) => kid)).not.toContain(only!.kid);
      });

      it('are those of the tenant that asks, and the operator sees all or those of one', async () => {
        await create({ signature: 'v1a' });
        await create({ signature: 'v1a' }, 'globex');
        const kids = async (caller: string, query = '') =>
          (await call(`GET jwks${query}`, undefined, caller)).body.keys.map(({ kid }) => kid);
        const [acme, globex, all] = [await kids('acme'), await kids('globex'), await kids('operator')];
        expect([acme.length, globex.length]).toEqual([1, 1]);
        expect(all.sort()).toEqual([...acme, ...globex].sort());
        expect(await kids('operator', '?tenant=acme')).toEqual(acme);
        expect((await call('GET jwks?tenant=globex')).status).toBe(403);
        expect((await host().call(null, 'GET /webhooks/jwks')).status).toBe(401);
      });

      it('are named by their thumbprints', async () => {
        await create({ signature: 'v1a' });
        const [{ kid, x }] = (await call('GET jwks')).body.keys as [{ kid: string; x: string }];
        const digest = await crypto.subtle.digest(
          'SHA-256',
          new TextEncoder().encode(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`),
        );
        expect(kid).toBe(Buffer.from(digest).toString('base64url'));
      });
    });
  });
});
