import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { HostBridges } from './bridge/host-bridges';
import { Lifecycle } from './deliveries/lifecycle';
import { LaneNode } from './lanes/lane-node';
import { LaneWorker } from './lanes/lane-worker';
import { CommitWatch } from './publishing/commit-watch';
import { ReplayRunner } from './replays/replay-runner';
import { Retention } from './retention/retention';
import { PayloadChecks } from './schemas/payload-checks';
import { Tally } from './statistics/tally';
import { Activity } from './shared/activity';
import { Database } from './storage/database';
import { KnownSubscriptions } from './subscriptions/known-subscriptions';
import { SecretUpkeep } from './subscriptions/secret-upkeep';
import { SubscriptionChanges } from './subscriptions/subscription-changes';
import { TopicCatalogue } from './topics/catalogue';
import { Transport } from './transport/transport';
import { WEBHOOKS_SETTINGS, type WebhooksSettings } from './webhooks.settings';

const REENCRYPTION_PAUSE_MS = 100;

/** Starts the engine with the application, and ends it without losing what is under way. */
@Injectable()
export class WebhooksEngine
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly node: LaneNode,
    private readonly bridges: HostBridges,
    private readonly commits: CommitWatch,
    private readonly replays: ReplayRunner,
    private readonly retention: Retention,
    private readonly tally: Tally,
    private readonly transport: Transport,
    private readonly activity: Activity,
    private readonly lifecycle: Lifecycle,
    private readonly database: Database,
    private readonly secrets: SecretUpkeep,
    private readonly topics: TopicCatalogue,
    private readonly checks: PayloadChecks,
    @Inject(WEBHOOKS_SETTINGS) private readonly settings: WebhooksSettings,
    worker: LaneWorker,
    known: KnownSubscriptions,
    changes: SubscriptionChanges,
  ) {
    lifecycle.subscribe((event) => {
      // What waits for a delivery that was sent by hand goes on without it.
      if (event.type !== 'delivery.resent' || event.delivery.sequence === null) return;
      if (event.attempt.succeeded) worker.callAnew([event.delivery.subscriptionId]);
    });
    changes.subscribe((subscriptionId, resumed) => {
      known.forget();
      worker.callAnew([subscriptionId]);
      replays.look();
      if (resumed) lifecycle.emit({ type: 'subscription.resumed', subscriptionId, tenant: resumed.tenant });
    });
    lifecycle.subscribe((event) => {
      // What was just taken is not to be sent once more from memory.
      if (event.type === 'delivery.resent' && event.attempt.succeeded) worker.callAnew([event.delivery.subscriptionId]);
    });
  }

  async onModuleInit(): Promise<void> {
    await this.secrets.assertReadable();
    if (!this.secrets.encrypts) this.lifecycle.emit({ type: 'secrets.clear' });
    this.bridges.attach(this.settings);
    this.checks.prepare(this.topics.list());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.node.start();
    this.bridges.showTimer(this.node.heartbeat);
    this.retention.start();
    void this.reencrypt();
  }

  onModuleDestroy(): void {
    this.bridges.hideTimer();
    this.commits.stop();
    this.replays.stop();
    this.retention.stop();
    this.secrets.stop();
    this.node.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.settled();
    // Whatever is still under way now is broken off; it stays pending and is tried again by whoever comes next.
    await this.end('closing connections', () => this.transport.close());
    await this.settled();
    await this.end('writing statistics', () => this.tally.stop());
    await this.end('giving lanes back', () => this.node.release());
  }

  async onApplicationShutdown(): Promise<void> {
    // Not before: the host serves requests until now, and what they change has to be published.
    this.bridges.detach();
    await this.settled();
    await this.end('closing the database', () => this.database.close());
  }

  /** Beside everything else: no request and no delivery waits for it. */
  private async reencrypt(): Promise<void> {
    try {
      const { unreadable } = await this.secrets.run({ pauseMs: REENCRYPTION_PAUSE_MS });
      for (const id of unreadable)
        this.lifecycle.emit({ type: 'secret.unreadable', subscriptionId: id, reason: tampered(id) });
    } catch (error) {
      if (!this.secrets.stopped)
        this.lifecycle.emit({ type: 'engine.failed', doing: 'encrypting secrets anew', error });
    }
  }

  /** A database that is gone must not keep the rest of the application from ending. */
  private async end(doing: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing, error });
    }
  }

  private async settled(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.settings.shutdownTimeoutMs)));
    await Promise.race([this.activity.idle(), deadline]);
    clearTimeout(timer);
  }
}

function tampered(id: string): string {
  return (
    `The stored secret of ${id}, or its credentials, were changed by somebody else, and cannot be read. ` +
    'Give the subscription new ones.'
  );
}
