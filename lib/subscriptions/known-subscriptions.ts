import { Injectable } from '@nestjs/common';
import { Batcher } from '../shared/batcher';
import type { Subscription } from './subscription';
import { SubscriptionsRepository } from './subscriptions.repository';

const MOST_REMEMBERED = 20_000;

/** Subscriptions by id, remembered until any subscription changes anywhere. */
@Injectable()
export class KnownSubscriptions {
  private known = new Map<string, Subscription | undefined>();
  private revision: number | undefined;
  private readonly reads = new Batcher<string, Subscription | undefined>((ids) => this.read(ids), { most: 200 });

  constructor(private readonly repository: SubscriptionsRepository) {}

  async get(id: string): Promise<Subscription | undefined> {
    return this.known.has(id) ? this.known.get(id) : this.reads.add(id);
  }

  /** Forgets everything when the table is at another revision than what was read from it. */
  expectRevision(revision: number): void {
    if (this.revision !== revision) this.forget();
    this.revision = revision;
  }

  forget(): void {
    // A new map, so that a read under way fills the old one.
    this.known = new Map();
  }

  private async read(ids: string[]): Promise<(Subscription | undefined)[]> {
    const known = this.known;
    const found = new Map((await this.repository.byIds([...new Set(ids)])).map((each) => [each.id, each]));
    if (known.size > MOST_REMEMBERED) known.clear();
    ids.forEach((id) => known.set(id, found.get(id)));
    return ids.map((id) => found.get(id));
  }
}
