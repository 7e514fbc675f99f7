import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { RetrySchedule, WebhooksService } from 'nestjs-webhooks';
import { Webhook } from 'standardwebhooks';
import { AddressPolicy } from '../lib/transport/address-policy';
import { compilerMessages } from './support/compiler';
import { Receiver, type ReceivedRequest } from './support/receiver';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The README's code blocks that are files of a host. */
const blocks = [...readme.matchAll(/<!-- host: (\S+) -->\n\n```ts\n([\s\S]*?)```/g)];

const guard = `
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
@Injectable()
export class ApiKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; account?: { id: string } }>();
    request.account = { id: request.headers['x-account'] ?? 'nobody' };
    return true;
  }
}
`;

describe('The README', () => {
  const work = join(__dirname, '.work');
  let folder: string;

  beforeAll(() => {
    mkdirSync(work, { recursive: true });
    folder = mkdtempSync(join(work, 'readme-'));
    writeFileSync(join(folder, 'api-key.guard.ts'), guard);
    for (const [, name, code] of blocks) writeFileSync(join(folder, name!), code!);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('shows a host of at most 15 lines', () => {
    const [, name, code] = blocks[0]!;
    expect(name).toBe('app.module.ts');
    expect(code!.trim().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('shows code that compiles', () => {
    expect(compilerMessages(blocks.map(([, name]) => join(folder, name!)))).toEqual([]);
  });

  it('shows a host that has the API and delivers', async () => {
    const file = join(folder, 'app.module.ts');
    const database = join(folder, 'app.sqlite');
    writeFileSync(file, readFileSync(file, 'utf8').replace('app.sqlite', database));
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it was written a moment ago
    const { AppModule } = require(file) as { AppModule: Type };
    const receiver = await Receiver.start();
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(AddressPolicy)
      .useValue(new AddressPolicy({ allow: ['loopback'] }))
      .compile();
    const app = module.createNestApplication({ logger: false });
    try {
      await app.listen(0, '127.0.0.1');
      const answer = await fetch(`${await app.getUrl()}/webhooks/subscriptions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-account': 'acme' },
        body: JSON.stringify({ url: receiver.url('/hook'), topics: ['order.*'] }),
      });
      expect(answer.status).toBe(201);
      const { secret } = (await answer.json()) as { secret: string };
      await app.get<DataSource>(getDataSourceToken()).getRepository('Order').save({ account: 'acme' });
      await app.get(WebhooksService).idle();
      const [{ body, headers }] = receiver.requests as [ReceivedRequest];
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'order.created',
        data: { id: 1, status: 'open' },
      });
    } finally {
      await app.close();
      await receiver.close();
    }
  });

  it('shows the retry schedule that is the default', () => {
    const rows = [...readme.matchAll(/^\| (\d+) +\| (at once|\d+ (?:s|min|h)) +\|/gm)];
    const waits = rows.map(([, , wait]) => (wait === 'at once' ? 0 : milliseconds(wait!)));
    const schedule = new RetrySchedule(undefined, { jitter: 0 });
    expect(waits).toEqual(
      Array.from({ length: schedule.attempts }, (_, failed) => schedule.waitMs(failed, Math.random)),
    );
  });

  it('lists every option', () => {
    const files = ['lib/webhooks.options.ts', 'lib/transport/address-policy.ts'];
    const source = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    const options = [...source.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name!);
    const listed = [...readme.matchAll(/^\| `(?:retry\.|network\.|limits\.|suspension\.)?(\w+)`/gm)].map(
      ([, name]) => name,
    );
    expect(
      options.filter((name) => !['retry', 'network', 'limits', 'suspension'].includes(name) && !listed.includes(name)),
    ).toEqual([]);
  });
});

function milliseconds(text: string): number {
  const [count, unit] = text.split(' ');
  return Number(count) * { s: 1_000, min: 60_000, h: 3_600_000 }[unit as 's' | 'min' | 'h'];
}
