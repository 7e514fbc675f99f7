import type { INestApplication } from '@nestjs/common';
import type { TransportFactory } from 'nestjs-webhooks';
import type { DataSourceOptions } from 'typeorm';
import { startApplication } from '../../sample-app/application';
import { eventually } from '../../sample-app/demo/eventually';
import type { Received } from '../../sample-app/receiver/mailbox';
import { settingsFrom } from '../../sample-app/settings';
import { Client, type Resource } from './client';

interface Database {
  readonly options: DataSourceOptions;
}

/** The sample app, running, and those who use it. */
export class Sample {
  readonly acme: Client;
  readonly globex: Client;
  readonly operator: Client;
  readonly stranger: Client;

  private constructor(
    private readonly app: INestApplication,
    readonly url: string,
  ) {
    this.acme = new Client(url, 'acme-key');
    this.globex = new Client(url, 'globex-key');
    this.operator = new Client(url, 'operator-key');
    this.stranger = new Client(url);
  }

  static async start(database: Database, transport?: TransportFactory): Promise<Sample> {
    const settings = settingsFrom({ PORT: '0', WEBHOOKS_RETRY_SCHEDULE: '10ms,10ms' });
    const app = await startApplication({ ...settings, database: database.options, transport }, { logger: false });
    const { port } = new URL(await app.getUrl());
    return new Sample(app, `http://127.0.0.1:${port}`);
  }

  /** Subscribes the receiver of this name. */
  async subscribe(owner: Client, receiver: string, topics: string[] = ['*']): Promise<Resource> {
    const wanted = { url: `${this.url}/receiver/${receiver}`, topics };
    return (await owner.post('/api/webhooks/subscriptions', wanted)).body;
  }

  /** What the receiver of this name has got, as soon as it is this many. */
  received(receiver: string, count: number): Promise<Received[]> {
    return this.eventually(async () => {
      const { body } = await this.stranger.get<Received[]>(`/receiver/${receiver}`);
      return body.length >= count ? body : undefined;
    });
  }

  eventually<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
    return eventually('what the test expects', look, AbortSignal.timeout(10_000));
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

export const AN_ORDER = { reference: 'A-1001', lines: [{ sku: 'SKU-1', quantity: 2 }] };
