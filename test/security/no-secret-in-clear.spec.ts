import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { LoggerService, NestInterceptor } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { getDataSourceToken } from '@nestjs/typeorm';
import { defineTopic, standardWebhooks, type Subscription } from 'nestjs-webhooks';
import { ewarehousing, packcloud, readycloud, standard } from 'nestjs-webhooks/contracts';
import { tap } from 'rxjs';
import type { DataSource } from 'typeorm';
import { ContractsHost, type Answer } from '../contracts/contracts-host';
import { github } from '../contracts/generality/github.contract';
import { describeEachDatabase, type TestDatabase } from '../support/databases';
import { dumpOf, shownBy } from '../support/dump';
import { aKey } from '../support/encryption-keys';
import { alpha } from '../transport/client.certificates';

const OrderCreated = defineTopic('order.created');
const SUBSCRIPTIONS = '/webhooks/subscriptions';
const LEVELS = ['log', 'error', 'warn', 'debug', 'verbose', 'fatal'] as const;

/** All that a run lets out, by where. */
type Evidence = Record<'logs' | 'answers' | 'errors' | 'events' | 'dump' | 'document', string[]>;

/** A run in which everything happens that has to do with secrets, watched wherever something could come out. */
class WatchedRun {
  readonly evidence: Evidence = { logs: [], answers: [], errors: [], events: [], dump: [], document: [] };
  private readonly secrets = new Set<string>();

  private constructor(readonly host: ContractsHost) {}

  static async play(database: TestDatabase, encryptionKeys: string[]): Promise<WatchedRun> {
    const [logs, errors]: [string[], string[]] = [[], []];
    const write = (...given: unknown[]) => void logs.push(given.map((each) => shownBy(each)).join(' '));
    const logger = Object.fromEntries(LEVELS.map((level) => [level, write])) as unknown as LoggerService;
    const spies = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')];
    spies.forEach((spy) => spy.mockImplementation((text) => (write(String(text)), true)));
    const host = await ContractsHost.start(database, new ExpressAdapter(), {
      contracts: [standard(), readycloud(), ewarehousing(), packcloud(), github({ events: { push: 'order.created' } })],
      topics: [OrderCreated],
      webhooks: { encryptionKeys, retry: { schedule: ['1s'], jitter: 0 } },
      prepare: (app) => {
        app.useLogger(logger);
        app.useGlobalInterceptors(interceptorOf((error) => errors.push(shownBy(error, { showHidden: false }))));
      },
    });
    const run = new WatchedRun(host);
    try {
      host.webhooks.subscribe((event) => run.evidence.events.push(shownBy(event)));
      await run.everything();
      await run.look();
    } finally {
      await host.stop();
      spies.forEach((spy) => spy.mockRestore());
    }
    run.evidence.logs.push(...logs);
    run.evidence.errors.push(...errors);
    return run;
  }

  /** Where a secret came out, and how. */
  leaks(): string[] {
    const forms = [...this.secrets].flatMap(formsOf);
    return Object.entries(this.evidence).flatMap(([where, texts]) => {
      const all = texts.join('\n');
      return forms.filter(({ text }) => all.includes(text)).map(({ form, of }) => `${where}: ${of} as ${form}`);
    });
  }

  get count(): number {
    return this.secrets.size;
  }

  /** Lets a secret out everywhere; answers where. */
  plant(): string[] {
    const [secret] = this.secrets;
    return Object.entries(this.evidence).map(([where, texts]) => (texts.push(`... ${secret} ...`), where));
  }

  private async everything(): Promise<void> {
    const made = [
      await this.create({}),
      await this.create({ signature: 'v1a' }),
      await this.create({ secret: aSecret() }),
      await this.create({ headers: { 'X-Key': this.noted() }, credentials: this.basic() }),
    ];
    await this.tokens();
    await this.certificate();
    await this.others();
    this.host.receiver.answers(500).then(500).then(204);
    await this.publish();
    for (const { id } of made) await this.rotate(id);
    await this.publish();
    await this.refusals(made[0]!.id);
    await this.brokenDatabase();
    await this.lists(made[0]!.id);
    this.host.receiver.answers(410);
    await this.publish();
    await this.host.webhooks.reencryptSecrets();
  }

  /** The endpoint sends back all that it was sent, of which the token is part under one of the contracts. */
  private async others(): Promise<void> {
    const echo = createServer((request, response) => response.writeHead(500).end(inspect(request.headers)));
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/`;
    for (const contract of ['readycloud', 'ewarehousing', 'packcloud', 'github']) {
      const wanted = { url, topics: ['order.created'], tenant: 'acme', contract };
      this.note(await this.host.subscriptions.create(wanted));
    }
    await this.publish();
    await new Promise((resolve) => echo.close(resolve));
    const { data } = await this.host.deliveries.list({ limit: 250 });
    const attempts = await Promise.all(data.map(({ id }) => this.host.deliveries.attemptsOf(id)));
    expect(attempts.flat().map(({ responseBody }) => responseBody)).toContainEqual(
      expect.stringMatching(/http_auth: '\[secret\]'/),
    );
    await this.handshake();
  }

  private async handshake(): Promise<void> {
    const secret = aSecret();
    this.secrets.add(secret);
    const config = { url: this.host.receiver.url('/ping'), secret };
    this.answered(await this.host.call('POST /repos/acme/shop/hooks', { config }));
  }

  private basic(): object {
    return { type: 'basic', username: 'we', password: this.noted() };
  }

  /** Access tokens: the first cannot be had, the second can, and the endpoint sends back all that it gets. */
  private async tokens(): Promise<void> {
    const [clientSecret, token] = [this.noted(), this.noted()];
    let asked = 0;
    const server = createServer(({ url, headers }, response) => {
      if (url === '/') return response.writeHead(500).end(inspect(headers));
      const isFirst = asked++ === 0;
      return response
        .writeHead(isFirst ? 400 : 200)
        .end(JSON.stringify(isFirst ? { error: clientSecret } : { access_token: token }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const client = { type: 'oauth2', tokenUrl: `${url}token`, clientId: 'we', clientSecret };
    const { id } = await this.create({ url, credentials: client, headers: { 'X-Key': this.noted() } });
    await this.publish();
    for (const credentials of [client, { ...client, authentication: 'body' }, this.basic()]) {
      this.answered(await this.host.call(`PATCH ${SUBSCRIPTIONS}/${id}`, { credentials }));
      this.answered(await this.host.call(`POST ${SUBSCRIPTIONS}/${id}/test`, { topic: 'order.created' }));
    }
    expect(asked).toBeGreaterThan(1);
    await new Promise((resolve) => server.close(resolve));
  }

  private async certificate(): Promise<void> {
    const [, key] = /-----\n([^-]+)\n-----/.exec(alpha.key) as unknown as [string, string];
    key.split('\n').forEach((line) => this.secrets.add(line));
    const credentials = { type: 'certificate', certificate: alpha.cert, key: alpha.key };
    const { id } = await this.create({ url: 'https://127.0.0.1:8443/', enabled: false, credentials });
    const swapped = { ...credentials, certificate: alpha.key };
    this.answered(await this.host.call(`PATCH ${SUBSCRIPTIONS}/${id}`, { credentials: swapped }));
  }

  /** A text that is a secret from now on. */
  private noted(): string {
    const secret = `${aSecret()}-is-no-signature`;
    this.secrets.add(secret);
    return secret;
  }

  private async create(wanted: object): Promise<{ id: string }> {
    const body = { url: this.host.receiver.url('/hook'), topics: ['*'], ...wanted };
    const answer = await this.host.call(`POST ${SUBSCRIPTIONS}`, body);
    const { id } = answer.body as { id: string };
    this.note(await this.host.subscriptions.get(id));
    return { id };
  }

  private async rotate(id: string): Promise<void> {
    await this.host.call(`POST ${SUBSCRIPTIONS}/${id}/rotate-secret`, { overlapSeconds: 60 });
    this.note(await this.host.subscriptions.get(id));
  }

  /** Requests with a secret in them where it does not belong, or in a wrong one. */
  private async refusals(id: string): Promise<void> {
    const [secret, url] = [aSecret(), 'https://example.com'];
    this.secrets.add(secret);
    const wrong: [string, unknown][] = [
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['*'], secret: [secret] }],
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['*'], secret: `wrong ${secret}` }],
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['*'], secret, signature: 'v1a' }],
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['no.such'], secret }],
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['*'], credentials: secret }],
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['*'], credentials: { type: 'bearer', token: [secret] } }],
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['*'], credentials: { type: 'basic', [secret]: secret } }],
      [`POST ${SUBSCRIPTIONS}`, { url, topics: ['*'], headers: { 'Content-Length': secret } }],
      [`PATCH ${SUBSCRIPTIONS}/${id}`, { headers: { 'X-Key': `${secret}\n` } }],
      [`PATCH ${SUBSCRIPTIONS}/${id}`, { secret }],
      [`POST ${SUBSCRIPTIONS}/${id}/rotate-secret`, { secret: { value: secret } }],
      [`POST ${SUBSCRIPTIONS}/${id}/rotate-secret`, { secret: secret.repeat(9) }],
      ['POST /v1/organizations/acme/webhooks', { endpoint: 'x', secret: [secret] }],
      ['POST /webhooks/', { url: 'x', hash_secret: [secret] }],
      ['POST /repos/acme/shop/hooks', { config: { url: 'x', secret: [secret] } }],
    ];
    for (const [route, body] of wrong) this.answered(await this.host.call(route, body));
    const json = { authorization: 'Bearer acme', 'content-type': 'application/json' };
    this.answered(await this.host.send(`POST ${SUBSCRIPTIONS}`, json, `{"secret":"${secret}",`));
    const text = { authorization: 'Bearer acme', 'content-type': 'text/plain' };
    this.answered(await this.host.send(`POST ${SUBSCRIPTIONS}`, text, secret));
  }

  /** A statement that fails with a secret among its parameters. */
  private async brokenDatabase(): Promise<void> {
    const secret = aSecret();
    this.secrets.add(secret);
    await this.dataSource.query('ALTER TABLE webhooks_subscription_topic RENAME TO gone');
    const body = { url: this.host.receiver.url('/hook'), topics: ['*'], secret };
    const answer = await this.host.call(`POST ${SUBSCRIPTIONS}`, body);
    await this.dataSource.query('ALTER TABLE gone RENAME TO webhooks_subscription_topic');
    expect(answer.status).toBe(500);
    this.answered(answer);
  }

  private async lists(id: string): Promise<void> {
    const paths = [
      SUBSCRIPTIONS,
      `${SUBSCRIPTIONS}/${id}`,
      '/webhooks/jwks',
      '/webhooks/events',
      '/webhooks/deliveries',
    ];
    for (const path of [...paths, '/webhooks/', '/repos/acme/shop/hooks']) {
      this.answered(await this.host.call(`GET ${path}`));
    }
    for (const { id: delivery } of (await this.host.deliveries.list({ limit: 250 })).data) {
      this.answered(await this.host.call(`GET /webhooks/deliveries/${delivery}`));
    }
    this.answered(await this.host.call(`POST ${SUBSCRIPTIONS}/${id}/resume`));
    this.answered(await this.host.call(`PATCH ${SUBSCRIPTIONS}/${id}`, { description: 'Ours' }));
  }

  private async publish(): Promise<void> {
    await this.host.webhooks.publish(OrderCreated, { id: 'A-1' }, { tenant: 'acme' });
    await this.host.clock.advance('10s');
  }

  /** What is in the database and in the document, and what subscriptions show of themselves to a careless log. */
  private async look(): Promise<void> {
    const subscriptions = await this.subscriptions();
    for (const each of subscriptions) this.note(each);
    this.evidence.logs.push(...subscriptions.map((each) => shownBy(each)));
    this.evidence.dump.push(await dumpOf(this.dataSource));
    const document = SwaggerModule.createDocument(this.host.app, new DocumentBuilder().build());
    this.evidence.document.push(JSON.stringify(document));
  }

  private note({ secrets }: Subscription): void {
    secrets.all().forEach(({ secret }) => this.secrets.add(secret));
  }

  private answered({ text, headers }: Answer): void {
    this.evidence.answers.push(text, inspect([...headers]));
  }

  private async subscriptions(): Promise<Subscription[]> {
    return (await this.host.subscriptions.list({ limit: 250 })).data as Subscription[];
  }

  private get dataSource(): DataSource {
    return this.host.app.get<DataSource>(getDataSourceToken());
  }
}

/** What a host has that reports errors to a service. */
function interceptorOf(report: (error: unknown) => void): NestInterceptor {
  return { intercept: (_, next) => next.handle().pipe(tap({ error: report })) };
}

function aSecret(): string {
  return standardWebhooks().generateSecret();
}

/** How a secret could look and still be one. */
function formsOf(secret: string): { form: string; text: string; of: string }[] {
  const bare = secret.replace(/^wh(sec|sk)_/, '');
  const bytes = Buffer.from(bare);
  const decoded = Buffer.from(bare, 'base64');
  const forms = { text: bare, hex: bytes.toString('hex'), 'decoded hex': decoded.toString('hex') };
  const escaped = { 'URL text': encodeURIComponent(bare), base64url: decoded.toString('base64url') };
  return Object.entries({ ...forms, ...escaped }).map(([form, text]) => ({ form, text, of: `${secret.slice(0, 9)}…` }));
}

describe('In a whole run', () => {
  describeEachDatabase((database) => {
    it('no secret is in logs, answers, lifecycle events, the database or the OpenAPI document', async () => {
      const run = await WatchedRun.play(database, [aKey(1)]);
      expect(run.count).toBe(26);
      for (const texts of Object.values(run.evidence)) expect(texts.join('').length).toBeGreaterThan(100);
      expect(run.leaks()).toEqual([]);
      const planted = run.plant();
      expect([...new Set(run.leaks().map((leak) => leak.split(':')[0]))]).toEqual(planted);
    });

    it('one that is in the database would be found: without a key they are there, and in errors of statements', async () => {
      const run = await WatchedRun.play(database, []);
      const leaks = run.leaks();
      expect(leaks.length).toBeGreaterThan(0);
      expect(leaks.filter((leak) => !/^(dump|errors): /.test(leak))).toEqual([]);
    });
  });
});
