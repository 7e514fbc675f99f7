/** Handles items together; answers one result per item, in order. */
export type HandleTogether<Item, Result> = (items: Item[]) => Promise<Result[]>;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

export interface BatchLimits<Item> {
  /** How many items one batch may hold. @default 500 */
  readonly most?: number;
  /** How heavy a batch may be that holds more than one item, and what an item weighs. @default weightless */
  readonly weight?: { readonly most: number; of(item: Item): number };
}

/** After so many refusals in a row it is not the items that are wrong. */
const MOST_REFUSALS = 3;

/**
 * Joins concurrent calls into batches (group commit): a batch closes when the one before it returns, so that an idle
 * system waits for nothing and a busy one makes no more statements.
 */
export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = false;

  /** @param handle handles a batch, all or nothing */
  constructor(
    private readonly handle: HandleTogether<Item, Result>,
    private readonly limits: BatchLimits<Item> = {},
  ) {}

  /** Resolves with the item's result when its batch has been handled. */
  add(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    // Whoever calls in this same turn of the event loop travels along in the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.handleBatch(this.waiting.splice(0, this.nextSize()));
    this.running = false;
  }

  /** How many of those who wait travel together. */
  private nextSize(): number {
    const { most = 500, weight } = this.limits;
    const size = Math.min(most, this.waiting.length);
    if (!weight) return size;
    let sum = weight.of(this.waiting[0]!.item);
    for (let count = 1; count < size; count++) {
      sum += weight.of(this.waiting[count]!.item);
      if (sum > weight.most) return count;
    }
    return size;
  }

  private async handleBatch(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.handle(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      else await this.handleOneByOne(batch);
    }
  }

  /** One item that is refused must not take its neighbours down with it; when all are refused, no more are tried. */
  private async handleOneByOne(batch: Waiting<Item, Result>[]): Promise<void> {
    let refusals = 0;
    for (const [index, { item, resolve, reject }] of batch.entries()) {
      try {
        resolve((await this.handle([item]))[0]!);
        refusals = 0;
      } catch (error) {
        reject(error);
        if (++refusals < MOST_REFUSALS) continue;
        return batch.slice(index + 1).forEach((other) => other.reject(error));
      }
    }
  }
}
