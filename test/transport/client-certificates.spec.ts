import https from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AddressPolicy } from '../../lib/transport/address-policy';
import { alpha, beta } from './client.certificates';
import { certificate, privateKey } from './localhost.certificate';
import { Proxy } from './proxy';
import { httpReceiver, closeReceivers } from './receiver';
import { aRequest, describeTransports, resolvingTo, type Settings } from './transports';

const policy = new AddressPolicy({ allow: ['loopback'] });
const trusting: Settings = { policy, tls: { ca: certificate } };

/** Demands a certificate, and answers with whose it is and over which of its connections that came. */
class DemandingServer {
  readonly sockets: TLSSocket[] = [];
  private readonly server = https.createServer(
    { cert: certificate, key: privateKey, requestCert: true, rejectUnauthorized: true, ca: [alpha.cert, beta.cert] },
    ({ socket }, response) => {
      const secure = socket as TLSSocket;
      if (!this.sockets.includes(secure)) this.sockets.push(secure);
      response.end(String(secure.getPeerCertificate().subject.CN));
    },
  );

  async start(): Promise<this> {
    this.server.on('tlsClientError', () => undefined);
    this.server.keepAliveTimeout = 0;
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  url(host = '127.0.0.1'): string {
    return `https://${host}:${(this.server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** What everything is called that can be reached from an object. */
function namesWithin(root: object): string[] {
  const seen = new Set<object>([root]);
  const names: string[] = [];
  for (const each of seen) {
    const inside = each instanceof Map ? [...each] : Object.entries(each);
    for (const [name, value] of inside as [unknown, unknown][]) {
      names.push(String(name));
      if (typeof value === 'object' && value !== null) seen.add(value);
    }
  }
  return names;
}

describeTransports('and client certificates', (transports) => {
  let server: DemandingServer;
  beforeEach(async () => (server = await new DemandingServer().start()));
  afterEach(async () => {
    server.close();
    await closeReceivers();
  });

  it('show what the request says', async () => {
    const answer = await transports.send({ url: server.url(), tls: alpha }, trusting);
    expect(answer).toMatchObject({ kind: 'response', status: 200, body: 'alpha' });
  });

  it('show none where the request says none, and the endpoint that demands one hangs up', async () => {
    const answer = await transports.send({ url: server.url() }, trusting);
    expect(answer).toMatchObject({ kind: 'failure' });
  });

  it('never share a connection between two certificates, nor with none, and keep one for each', async () => {
    const transport = transports.make(trusting);
    const ask = async (tls?: typeof alpha) => {
      const answer = await transport.send(aRequest({ url: server.url(), tls }));
      return answer.kind === 'response' ? answer.body : answer.kind;
    };
    const asked = [await ask(alpha), await ask(beta), await ask(), await ask({ ...alpha }), await ask(beta)];
    expect(asked).toEqual(['alpha', 'beta', 'failure', 'alpha', 'beta']);
    expect(server.sockets).toHaveLength(2);
  });

  it('show the key to nobody who looks at the transport', async () => {
    const transport = transports.make(trusting);
    await transport.send(aRequest({ url: server.url(), tls: alpha }));
    expect(namesWithin(transport).filter((name) => name.includes('PRIVATE KEY'))).toEqual([]);
    expect(namesWithin({ [alpha.key]: 1 })).toHaveLength(1);
  });

  it("show the request's and not that of the transport, where both have one", async () => {
    const transport = transports.make({ policy, tls: { ca: certificate, ...beta } });
    const answers = [
      await transport.send(aRequest({ url: server.url() })),
      await transport.send(aRequest({ url: server.url(), tls: alpha })),
      await transport.send(aRequest({ url: server.url() })),
    ];
    expect(answers.map((answer) => answer.kind === 'response' && answer.body)).toEqual(['beta', 'alpha', 'beta']);
  });

  it('show it at the end of a tunnel too', async () => {
    const proxy = await Proxy.start();
    const proxied = new AddressPolicy({ allow: ['loopback'], proxy: proxy.at() });
    const answer = await transports.send({ url: server.url(), tls: alpha }, { ...trusting, policy: proxied });
    await proxy.close();
    expect(answer).toMatchObject({ body: 'alpha' });
  });

  it('connect to no refused address with one either', async () => {
    const strict = { ...trusting, policy: new AddressPolicy(), resolveHost: resolvingTo('127.0.0.1') };
    const refused = { kind: 'failure', failure: 'address_refused' };
    expect(await transports.send({ url: server.url(), tls: alpha }, strict)).toMatchObject(refused);
    expect(await transports.send({ url: server.url('receiver.test'), tls: alpha }, strict)).toMatchObject(refused);
    expect(server.sockets).toHaveLength(0);
  });

  it('send nothing over http that was to be sent with one', async () => {
    const receiver = await httpReceiver();
    const answer = await transports.send({ url: receiver.url, tls: alpha }, { policy });
    expect(answer).toMatchObject({ failure: 'invalid_request', detail: expect.stringContaining('https://') as string });
    expect(receiver.connections).toBe(0);
  });

  it.each([
    ['that is none', { cert: 'none', key: 'none' }],
    ['with the key of another', { cert: alpha.cert, key: beta.key }],
  ])('fail with a certificate %s, whether there is a proxy or not', async (_, tls) => {
    const proxy = await Proxy.start();
    const proxied = new AddressPolicy({ allow: ['loopback'], proxy: proxy.at() });
    const answers = [
      await transports.send({ url: server.url(), tls }, trusting),
      await transports.send({ url: server.url(), tls }, { ...trusting, policy: proxied }),
    ];
    await proxy.close();
    expect(answers).toMatchObject([
      { kind: 'failure', failure: 'tls' },
      { kind: 'failure', failure: 'tls' },
    ]);
  });

  it('read as much of an answer as the request says, whatever the transport was told', async () => {
    const receiver = await httpReceiver((response) => response.end('x'.repeat(100)));
    const transport = transports.make({ policy, responseBodyLimitBytes: 0 });
    const answer = await transport.send(aRequest({ url: receiver.url, answerLimitBytes: 60 }));
    expect(answer).toMatchObject({ body: 'x'.repeat(60), truncated: true });
  });
});
