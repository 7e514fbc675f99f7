import { Injectable } from '@nestjs/common';
import { Activity } from '../shared/activity';
import { Clock, type Timer } from '../shared/clock';
import { WebhooksConfigurationError, WebhooksError } from '../shared/webhooks.error';
import { SecretStore, type KeyUse } from './secret-store';

const BATCH = 100;

/** What came of encrypting old secrets anew. */
export interface Upkeep {
  /** How many subscriptions have their secrets under the first key now that had them under another, or in clear. */
  readonly reencrypted: number;
  /** The ids of subscriptions whose stored secrets were tampered with: give them new ones. */
  readonly unreadable: readonly string[];
}

export interface UpkeepOptions {
  readonly pauseMs?: number;
  readonly onProgress?: (soFar: Upkeep) => void;
}

/** Sees to it that stored secrets can be read, and that the first key encrypts all of them in the end. */
@Injectable()
export class SecretUpkeep {
  #stopped = false;
  private pause: { readonly timer: Timer; readonly end: () => void } | undefined;

  constructor(
    private readonly store: SecretStore,
    private readonly activity: Activity,
    private readonly clock: Clock,
  ) {}

  /** Whether new secrets are encrypted. */
  get encrypts(): boolean {
    return this.store.encrypts;
  }

  /** @throws WebhooksConfigurationError when secrets are stored under a key that is not in the list */
  async assertReadable(): Promise<void> {
    const missing = (await this.store.keyUses()).filter(({ key }) => key === 'unknown');
    if (missing.length === 0) return;
    const named = missing.map(({ keyId, subscriptions }) => `${keyId} (${subscriptions} subscriptions)`).join(', ');
    throw new WebhooksConfigurationError(
      `The secrets of some subscriptions are encrypted with keys that are not in encryptionKeys: ${named}. Put them ` +
        'back at the end of the list. A key can go when reencryptSecrets() has answered and no process has it first.',
    );
  }

  /**
   * Encrypts everything with the first key that is under another one, or in clear. Several processes may do so at once.
   * @throws WebhooksError when the application ends before
   * @param pauseMs how long to leave the database alone after every 100. @default 0
   * @param onProgress hears after each 100 how far it got
   */
  async run({ pauseMs, onProgress }: UpkeepOptions = {}): Promise<Upkeep> {
    const upkeep = { reencrypted: 0, unreadable: [] as string[] };
    const stale = (await this.store.keyUses()).filter(({ key }) => key === 'known');
    for (const use of stale) await this.renew(use, upkeep, { pauseMs, onProgress });
    return upkeep;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Ends what runs, after the batch that is under way. */
  stop(): void {
    this.#stopped = true;
    this.pause?.timer.cancel();
    this.pause?.end();
  }

  private async renew(
    { keyId }: KeyUse,
    upkeep: { reencrypted: number; unreadable: string[] },
    { pauseMs = 0, onProgress }: UpkeepOptions,
  ): Promise<void> {
    for (let after: string | undefined; ;) {
      if (this.stopped) throw new WebhooksError('The application ended before all secrets were encrypted anew.');
      const batch = await this.activity.track(() => this.store.reencrypt(keyId, BATCH, after));
      upkeep.reencrypted += batch.written;
      upkeep.unreadable.push(...batch.unreadable);
      onProgress?.(upkeep);
      if (batch.last === undefined) return;
      after = batch.last;
      if (pauseMs > 0) await this.wait(pauseMs);
    }
  }

  private wait(ms: number): Promise<void> {
    return new Promise((end) => (this.pause = { end, timer: this.clock.after(ms, end) }));
  }
}
