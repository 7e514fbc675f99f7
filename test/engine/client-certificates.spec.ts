import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { axiosTransport, defineTopic } from 'nestjs-webhooks';
import { undiciTransport } from 'nestjs-webhooks/undici';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';
import { alpha, beta, encryptedKey } from '../transport/client.certificates';
import { certificate as authority, privateKey } from '../transport/localhost.certificate';

const OrderShipped = defineTopic('order.shipped');
const of = ({ cert, key }: typeof alpha) => ({ type: 'certificate', certificate: cert, key }) as const;

describeEachDatabase((database) => {
  describe.each([
    ['axios', axiosTransport({ tls: { ca: authority } })],
    ['undici', undiciTransport({ tls: { ca: authority } })],
  ])('Over %s, client certificates', (_, transport) => {
    const given = hostForEach(database, { topics: [OrderShipped], webhooks: { transport } });
    const seen: [path: string, subject: string][] = [];
    const server = https.createServer(
      { cert: authority, key: privateKey, requestCert: true, rejectUnauthorized: true, ca: [alpha.cert, beta.cert] },
      ({ url, socket }, response) => {
        seen.push([url!, String((socket as TLSSocket).getPeerCertificate().subject.CN)]);
        response.writeHead(204).end();
      },
    );
    const at = (path: string, scheme = 'https') =>
      `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    beforeAll(async () => {
      server.on('tlsClientError', () => undefined);
      await once(server.listen(0, '127.0.0.1'), 'listening');
    });
    afterAll(() => {
      server.close();
      server.closeAllConnections();
    });
    beforeEach(() => void seen.splice(0));

    it('are shown to endpoints that demand them, each of its own subscription', async () => {
      const { host } = given;
      await host.subscribe({ url: at('/alpha'), credentials: of(alpha) });
      await host.subscribe({ url: at('/beta'), credentials: of(beta), headers: { 'X-Team': 'ours' } });
      const { id } = await host.subscribe({ url: at('/none') });
      for (let count = 0; count < 3; count++) {
        await host.webhooks.publish(OrderShipped, { id: count });
        await host.webhooks.idle();
      }
      const thrice = (path: string, subject: string) => Array.from({ length: 3 }, () => [path, subject]);
      expect(seen.sort()).toEqual([...thrice('/alpha', 'alpha'), ...thrice('/beta', 'beta')]);
      const [refused] = (await host.deliveries.list({ subscription: id })).data;
      expect(refused).toMatchObject({ state: 'pending' });
    });

    it('change with the next attempt, over the connection of neither', async () => {
      const { host } = given;
      const { id } = await host.subscribe({ url: at('/hook'), credentials: of(alpha) });
      await host.webhooks.publish(OrderShipped, { id: 1 });
      await host.webhooks.idle();
      await host.subscriptions.update(id, { credentials: of(beta) });
      await host.webhooks.publish(OrderShipped, { id: 2 });
      await host.webhooks.idle();
      expect(seen.map(([, subject]) => subject)).toEqual(['alpha', 'beta']);
    });
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });
  const https443 = 'https://example.com/';

  it.each([
    ['a certificate that is none', { cert: 'nothing', key: alpha.key }, 'the certificate is not one in PEM'],
    [
      'a key that is none',
      { cert: alpha.cert, key: 'nothing, but of a length that can be looked for in what is said of it' },
      'the key is not a private key in PEM',
    ],
    ['the key of another', { cert: alpha.cert, key: beta.key }, 'the key does not belong to the certificate'],
    ['a key under a passphrase', { cert: alpha.cert, key: encryptedKey }, 'remove its passphrase with: openssl pkey'],
    ['a certificate without end', { cert: alpha.cert.repeat(60), key: alpha.key }, 'longer than 32768 characters'],
  ])('refuse %s, and say nothing of the key', async (_, pair, message) => {
    const creation = given.host.subscribe({ url: https443, credentials: of(pair) });
    await expect(creation).rejects.toThrow(message);
    await expect(creation).rejects.not.toThrow(pair.key.slice(40, 80));
  });

  it('refuse a URL over http, whether it comes first or last, until the certificate is gone', async () => {
    const { host } = given;
    const refusal = 'url: a client certificate needs a URL that begins with https://';
    await expect(host.subscribe({ url: 'http://example.com/', credentials: of(alpha) })).rejects.toThrow(refusal);
    const { id } = await host.subscribe({ url: https443, credentials: of(alpha) });
    await expect(host.subscriptions.update(id, { url: 'http://example.com/' })).rejects.toThrow(refusal);
    await host.subscriptions.update(id, { url: 'http://example.com/', credentials: null });
    await expect(host.subscriptions.update(id, { credentials: of(alpha) })).rejects.toThrow(refusal);
  });
});
