import { InvalidSubscriptionError, defineTopic, standardWebhooks } from 'nestjs-webhooks';
import nacl from 'tweetnacl';
import { Webhook } from 'standardwebhooks';
import { describeEachDatabase } from '../support/databases';
import { aKey } from '../support/encryption-keys';
import { hostForEach, type Host } from '../support/host';
import type { ReceivedRequest } from '../support/receiver';

const OrderShipped = defineTopic('order.shipped');

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped], webhooks: { encryptionKeys: [aKey(1)] } });

  /** Publishes, and answers the request that came of it. */
  async function delivered(host: Host): Promise<ReceivedRequest> {
    const count = host.receiver.requests.length;
    await host.webhooks.publish(OrderShipped, { id: 'A-1' });
    await host.webhooks.idle();
    expect(host.receiver.requests).toHaveLength(count + 1);
    return host.receiver.requests.at(-1)!;
  }

  /** Whether a library that this project did not write accepts a request. */
  function accepts(host: Host, secret: string, { body, headers }: ReceivedRequest): boolean {
    const now = jest.spyOn(Date, 'now').mockReturnValue(host.clock.now());
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    } finally {
      now.mockRestore();
    }
  }

  const signaturesOf = ({ headers }: ReceivedRequest) => String(headers['webhook-signature']).split(' ');

  describe('A secret that is rotated', () => {
    it('signs beside the new one for a day, and then no more', async () => {
      const { host } = given;
      const { id, secrets } = await host.subscribe();
      const old = secrets.current();
      const next = (await host.subscriptions.rotateSecret(id)).secrets.current();
      expect(next).not.toBe(old);
      const during = await delivered(host);
      expect(signaturesOf(during)).toHaveLength(2);
      expect([accepts(host, next, during), accepts(host, old, during)]).toEqual([true, true]);
      await host.clock.advance('24h');
      const after = await delivered(host);
      expect(signaturesOf(after)).toHaveLength(1);
      expect([accepts(host, next, after), accepts(host, old, after)]).toEqual([true, false]);
    });

    it('signs as long as was asked, to the second', async () => {
      const { host } = given;
      const { id, secrets } = await host.subscribe();
      await host.subscriptions.rotateSecret(id, { overlapSeconds: 90 });
      await host.clock.advance('89999ms');
      expect(accepts(host, secrets.current(), await delivered(host))).toBe(true);
      await host.clock.advance('1ms');
      expect(accepts(host, secrets.current(), await delivered(host))).toBe(false);
    });

    it('ends at once with no overlap', async () => {
      const { host } = given;
      const { id, secrets } = await host.subscribe();
      await host.subscriptions.rotateSecret(id, { overlapSeconds: 0 });
      expect(accepts(host, secrets.current(), await delivered(host))).toBe(false);
    });

    it('may be replaced by one that was brought along, if it is one', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      const secret = standardWebhooks().generateSecret();
      await expect(host.subscriptions.rotateSecret(id, { secret: 'password' })).rejects.toThrow('whsec_');
      await host.subscriptions.rotateSecret(id, { secret });
      expect(accepts(host, secret, await delivered(host))).toBe(true);
    });

    it('overlaps with up to nine others, and a tenth rotation is refused', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      for (let times = 0; times < 9; times++) await host.subscriptions.rotateSecret(id);
      expect(signaturesOf(await delivered(host))).toHaveLength(10);
      const oneMore = host.subscriptions.rotateSecret(id);
      await expect(oneMore).rejects.toThrow(InvalidSubscriptionError);
      await expect(oneMore).rejects.toThrow('10 secrets sign already; wait until one ends, or replace all with');
      await host.subscriptions.rotateSecret(id, { overlapSeconds: 0 });
      expect(signaturesOf(await delivered(host))).toHaveLength(1);
    });

    it('is lost by none of two who rotate at once: both of their new ones sign', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      const [one, two] = await Promise.all([
        host.subscriptions.rotateSecret(id, { secret: standardWebhooks().generateSecret() }),
        host.subscriptions.rotateSecret(id, { secret: standardWebhooks().generateSecret() }),
      ]);
      const request = await delivered(host);
      expect(signaturesOf(request)).toHaveLength(3);
      for (const { secrets } of [one, two]) expect(accepts(host, secrets.current(), request)).toBe(true);
    });

    it.each([-1, 1.5, 604_801, NaN])('is not rotated with an overlap of %p seconds', async (overlapSeconds) => {
      const { host } = given;
      const { id } = await host.subscribe();
      await expect(host.subscriptions.rotateSecret(id, { overlapSeconds })).rejects.toThrow('from 0 to 604800');
    });

    it('gives way at once to one that a change brings', async () => {
      const { host } = given;
      const { id, secrets } = await host.subscribe();
      await host.subscriptions.update(id, { secret: standardWebhooks().generateSecret() });
      expect(accepts(host, secrets.current(), await delivered(host))).toBe(false);
    });
  });

  describe('A subscription with a key pair', () => {
    /** Whether an ed25519 that this project did not write accepts a signature of the request. */
    function verifies(publicKey: string, { headers, body }: ReceivedRequest): boolean {
      const signed = Buffer.from(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`);
      const key = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
      return String(headers['webhook-signature'])
        .split(' ')
        .map((each) => Buffer.from(each.slice('v1a,'.length), 'base64'))
        .some((signature) => nacl.sign.detached.verify(signed, signature, key));
    }
    const textsOf = async (host: Host) => (await host.webhooks.publicKeys()).map(({ text }) => text);

    it('is signed for with v1a, and its public key verifies', async () => {
      const { host } = given;
      const { secrets } = await host.subscribe({ settings: { signature: 'v1a' } });
      expect(secrets.current()).toMatch(/^whsk_/);
      const request = await delivered(host);
      expect(request.headers['webhook-signature']).toMatch(/^v1a,/);
      const [key] = await textsOf(host);
      expect(key).toMatch(/^whpk_/);
      expect(verifies(key!, request)).toBe(true);
      const others = standardWebhooks({ version: 'v1a' });
      expect(verifies(others.verificationKey(others.generateSecret()), request)).toBe(false);
    });

    it('is rotated like any other, and both public keys are active until the old one ends', async () => {
      const { host } = given;
      const { id } = await host.subscribe({ settings: { signature: 'v1a' } });
      const [old] = await textsOf(host);
      await host.subscriptions.rotateSecret(id);
      const [next, second, ...others] = await textsOf(host);
      expect([second, others]).toEqual([old, []]);
      const during = await delivered(host);
      expect([verifies(next!, during), verifies(old!, during)]).toEqual([true, true]);
      await host.clock.advance('24h');
      expect(await textsOf(host)).toEqual([next]);
      const after = await delivered(host);
      expect([verifies(next!, after), verifies(old!, after)]).toEqual([true, false]);
    });

    it('takes a private key that was brought along, and no shared secret', async () => {
      const { host } = given;
      const v1a = standardWebhooks({ version: 'v1a' });
      const secret = v1a.generateSecret();
      await host.subscribe({ settings: { signature: 'v1a' }, secret });
      expect(await textsOf(host)).toEqual([v1a.verificationKey(secret)]);
      const shared = host.subscribe({ settings: { signature: 'v1a' }, secret: standardWebhooks().generateSecret() });
      await expect(shared).rejects.toThrow('Expected a private key');
    });

    it('becomes one only with a secret that fits', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      const settings = { signature: 'v1a' };
      await expect(host.subscriptions.update(id, { settings })).rejects.toThrow('Expected a private key');
      const secret = standardWebhooks({ version: 'v1a' }).generateSecret();
      await host.subscriptions.update(id, { settings, secret });
      expect((await delivered(host)).headers['webhook-signature']).toMatch(/^v1a,/);
    });
  });
});
