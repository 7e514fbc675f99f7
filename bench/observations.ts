import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { INestApplicationContext } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { DeliveriesRepository, WebhooksService } from 'nestjs-webhooks';
import { SampleHappened } from './host.module';
import { now, pause } from './now';
import { Order, PlainOrder } from './order.entity';
import { sample } from './sample';
import { statementCount } from './statement-count';

export interface Memory {
  /** After a forced garbage collection, in bytes. */
  readonly rss: number;
  readonly heapUsed: number;
  /** The most that the process has ever had resident. */
  readonly peakRss: number;
}

/** In milliseconds; each includes the 1 ms of the timer that measures. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What one refill of a lane asks for: a buffer's worth. */
const REFILL_SIZE = 256;

/** What the bench can ask of a host about itself. */
export function observations(app: INestApplicationContext) {
  const dataSource = app.get<DataSource>(getDataSourceToken());
  const transactionStatements = (work: (transaction: EntityManager) => Promise<unknown>) =>
    statementCount.ofTransaction(() => dataSource.transaction(work));

  return {
    /** How many statements this process has asked of Postgres so far. */
    statements: (): number => statementCount.total,
    async memory(): Promise<Memory> {
      for (let count = 0; count < 3; count++) {
        global.gc!();
        await pause(50);
      }
      const { rss, heapUsed } = process.memoryUsage();
      return { rss, heapUsed, peakRss: process.resourceUsage().maxRSS * 1024 };
    },
    async eventLoopDelay(seconds: number): Promise<EventLoopDelay> {
      const histogram = monitorEventLoopDelay({ resolution: 1 });
      histogram.enable();
      await pause(seconds * 1_000);
      histogram.disable();
      const ms = (nanoseconds: number) => nanoseconds / 1e6;
      return { p50: ms(histogram.percentile(50)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) };
    },
    /** How long one refill of a lane takes, in milliseconds. */
    async refill(subscriptionId: string): Promise<number> {
      const startedAt = now();
      await app.get(DeliveriesRepository).laneContent(subscriptionId, Date.now(), REFILL_SIZE);
      return now() - startedAt;
    },
    /** Publishes one event with no tenant; answers its id and how long that took, in milliseconds. */
    async publishOnce() {
      const startedAt = now();
      const { id } = await app.get(WebhooksService).publish(SampleHappened, sample(0));
      return { id, publishMs: now() - startedAt, acceptedAt: now() };
    },
    /** The statements of four transactions of the host. */
    async transactions() {
      const publish = (transaction: EntityManager) =>
        app.get(WebhooksService).publish(SampleHappened, sample(0), { transaction });
      const save = (manager: EntityManager) => manager.save(manager.create(PlainOrder, { status: 'new' }));
      return {
        plain: await transactionStatements(save),
        publishing: await transactionStatements(async (manager) => {
          await save(manager);
          await publish(manager);
        }),
        plainEntity: await transactionStatements(save),
        registeredEntity: await transactionStatements((manager) =>
          manager.save(manager.create(Order, { status: 'new' })),
        ),
      };
    },
  };
}
