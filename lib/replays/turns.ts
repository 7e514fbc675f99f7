/** Lets few do something at once. Of those who wait, each group has its turn, however many the others are. */
export class Turns {
  private readonly waiting = new Map<string, (() => void)[]>();

  /** @param free how many may have their turn at once */
  constructor(private free: number) {}

  async take<Result>(group: string, action: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queueOf(group).push(resolve));
    try {
      return await action();
    } finally {
      this.pass();
    }
  }

  private queueOf(group: string): (() => void)[] {
    const queue = this.waiting.get(group) ?? [];
    this.waiting.set(group, queue);
    return queue;
  }

  private pass(): void {
    const [first] = this.waiting;
    if (!first) return void (this.free += 1);
    const [group, queue] = first;
    const next = queue.shift()!;
    // Behind all the others, where it has more.
    this.waiting.delete(group);
    if (queue.length > 0) this.waiting.set(group, queue);
    next();
  }
}
