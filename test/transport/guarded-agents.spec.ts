import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { AddressPolicy } from '../../lib/transport/address-policy';
import { guardedAgents } from '../../lib/transport/guarded-agents';
import { closeReceivers, httpReceiver } from './receiver';

describe('guarded agents, whoever uses them', () => {
  const agents = guardedAgents(new AddressPolicy());

  afterEach(closeReceivers);

  const errorOf = async (request: http.ClientRequest): Promise<unknown> =>
    ((await once(request, 'error')) as [unknown])[0];

  it.each(['127.0.0.1', '::1', '::ffff:7f00:1', '10.0.0.1', '169.254.169.254'])(
    'do not even begin to connect to %s',
    async (host) => {
      const refused = { code: 'WEBHOOKS_ADDRESS_REFUSED' };
      expect(await errorOf(http.get({ host, port: 9, agent: agents.http }))).toMatchObject(refused);
      expect(await errorOf(https.get({ host, port: 9, agent: agents.https }))).toMatchObject(refused);
    },
  );

  it('do not leave a trace at a refused address that is listening', async () => {
    const receiver = await httpReceiver();
    await errorOf(http.get({ host: '127.0.0.1', port: receiver.port, agent: agents.http }));
    expect(receiver.connections).toBe(0);
  });

  it('resolve names with the system and judge what comes back', async () => {
    const receiver = await httpReceiver();
    const request = http.get({ host: 'localhost', port: receiver.port, agent: agents.http });
    expect(await errorOf(request)).toMatchObject({ code: 'WEBHOOKS_ADDRESS_REFUSED' });
    expect(receiver.connections).toBe(0);
  });

  it('do not connect to Unix sockets', async () => {
    const request = http.get({ host: 'example.com', socketPath: '/var/run/docker.sock', agent: agents.http });
    expect(await errorOf(request)).toMatchObject({ code: 'WEBHOOKS_ADDRESS_REFUSED' });
  });
});
