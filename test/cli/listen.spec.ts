import { Webhook } from 'standardwebhooks';
import { standardWebhooks } from 'nestjs-webhooks';
import { SystemClock } from '../../lib/shared/clock';
import { describeEachDatabase } from '../support/databases';
import { call, type Printed } from './command-line';
import { OrderCreated, worldForEach } from './world';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = '{"type":"order.created","data":{"id":"A-1"}}';

interface Listening {
  readonly url: string;
  /** Presses Ctrl-C. */
  readonly end: () => Promise<Printed>;
}

async function listening(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Listening> {
  let interrupt: () => void;
  let ended: Promise<Printed>;
  const url = await new Promise<string>((resolve, reject) => {
    let err = '';
    ended = call(['listen', '--port', '0', ...args], {
      env,
      onOutput: (text, stop) => {
        interrupt = stop;
        err += text;
        const found = /Listening on (\S+)/.exec(err);
        if (found) resolve(found[1]!);
      },
    });
    ended.then(({ err: said }) => reject(new Error(said)), reject);
  });
  return { url, end: () => (interrupt(), ended) };
}

function signed(id: string, { secret = SECRET, body = BODY } = {}): RequestInit {
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  return { method: 'POST', headers, body };
}

describe('listen', () => {
  it('verifies what the public library has signed, and prints it', async () => {
    const { url, end } = await listening(['--secret', SECRET]);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect((await fetch(url, signed('evt_1'))).status).toBe(204);
    expect((await fetch(url, signed('evt_1'))).status).toBe(204);
    const { code, out, err } = await end();
    expect(code).toBe(0);
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}order.created {2}evt_1 {2}attempt 1 {2}verified {2}→ 204$/m);
    expect(out).toMatch(/ {2}evt_1 {2}attempt 2 {2}verified/);
    expect(out).toContain('  {\n    "type": "order.created",\n    "data": {\n      "id": "A-1"\n    }\n  }\n');
    expect(err).toContain('2 requests.');
    expect(out + err).not.toContain(SECRET);
  });

  it('refuses what somebody else has signed, and says why', async () => {
    const { url, end } = await listening([], { WEBHOOKS_SECRET: SECRET });
    expect((await fetch(url, signed('evt_1', { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }))).status).toBe(401);
    expect((await fetch(url, { ...signed('evt_2'), body: '{}' })).status).toBe(401);
    expect((await fetch(url, { method: 'POST', body: BODY })).status).toBe(401);
    expect((await fetch(new URL('/path', url))).status).toBe(401);
    const { out } = await end();
    expect(out.match(/refused: /g)).toHaveLength(4);
    expect(out).toContain('GET /path');
  });

  it('takes one of several secrets, and public keys', async () => {
    const scheme = standardWebhooks({ version: 'v1a' });
    const keys = scheme.generateSecret();
    const { url, end } = await listening(['--secret', `${scheme.publicKeys([keys])[0]!.text}, ${SECRET}`]);
    const message = { id: 'evt_2', timestamp: Math.floor(Date.now() / 1000), method: 'POST', url, body: BODY };
    expect((await fetch(url, { method: 'POST', headers: scheme.sign(message, [keys]), body: BODY })).status).toBe(204);
    expect((await fetch(url, signed('evt_1'))).status).toBe(204);
    await end();
  });

  it('verifies nothing without a secret, and says so', async () => {
    const { url, end } = await listening();
    expect((await fetch(url, signed('evt_1'))).status).toBe(204);
    const { out, err } = await end();
    expect(err).toContain('Nothing is verified: pass --secret');
    expect(out).toContain('not verified');
  });

  it('answers failures as it is told: always, or the first of each event', async () => {
    const always = await listening(['--status', '503', '--delay', '1']);
    expect((await fetch(always.url, signed('evt_1'))).status).toBe(503);
    expect((await always.end()).out).toContain('→ 503');
    const first = await listening(['--fail-first', '2', '--secret', SECRET]);
    const statuses: number[] = [];
    for (const id of ['evt_1', 'evt_2', 'evt_1', 'evt_1']) statuses.push((await fetch(first.url, signed(id))).status);
    expect(statuses).toEqual([500, 500, 500, 204]);
    await first.end();
  });

  it('lets nothing through that a terminal would obey', async () => {
    const { url, end } = await listening();
    await fetch(`${url}a`, { method: 'POST', body: 'plain\u001b[2J text\u009b' });
    await fetch(url, { method: 'POST', body: '{"type":"\\u001b[2J\u009b"}' });
    const { out } = await end();
    for (const character of ['\u001b', '\u009b']) expect(out).not.toContain(character);
    expect(out).toContain('plain\\x1b[2J text\\x9b');
  });

  it('says when the port is taken', async () => {
    const { url, end } = await listening();
    const { code, err } = await call(['listen', '--port', new URL(url).port]);
    expect(code).toBe(1);
    expect(err).toContain(`Port ${new URL(url).port} is taken.`);
    await end();
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = worldForEach(database);

  it('verifies what a host delivers, and shows its retries', async () => {
    const host = await given.world.host({
      clock: new SystemClock(),
      webhooks: { retry: { schedule: [1], jitter: 0 } },
    });
    const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
    const { url, end } = await listening(['--fail-first', '1', '--secret', secret]);
    await host.subscribe({ url, secret });
    const delivered = new Promise<void>((resolve) =>
      host.webhooks.subscribe(({ type }) => type === 'delivery.delivered' && resolve()),
    );
    const { id } = await host.webhooks.publish(OrderCreated, { id: 'A-1' });
    await delivered;
    const { out } = await end();
    expect(out).toMatch(new RegExp(`order.created {2}${id} {2}attempt 1 {2}verified {2}→ 500`));
    expect(out).toMatch(new RegExp(`order.created {2}${id} {2}attempt 2 {2}verified {2}→ 204`));
  });
});
