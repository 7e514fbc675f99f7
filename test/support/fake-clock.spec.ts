import { readFile } from 'node:fs/promises';
import { FakeClock } from './fake-clock';

describe('the fake clock', () => {
  const newYear = Date.parse('2025-01-01T00:00:00Z');
  let clock: FakeClock;
  let fired: string[];

  beforeEach(() => {
    clock = new FakeClock();
    fired = [];
  });

  const note = (name: string) => () => void fired.push(`${name} at ${clock.monotonic()}`);

  it('stands still until it is told to move', async () => {
    expect([clock.now(), clock.monotonic()]).toEqual([newYear, 0]);
    await clock.advance('90s');
    expect([clock.now(), clock.monotonic()]).toEqual([newYear + 90_000, 90_000]);
  });

  it('starts when a test says', () => {
    const startsAt = new Date('2030-06-01T12:00:00Z');
    expect(new FakeClock({ startsAt }).now()).toBe(startsAt.getTime());
  });

  it('fires timers in due order, each at its due time', async () => {
    clock.after(300, note('late'));
    clock.after(100, note('early'));
    clock.after(100, note('early too'));
    await clock.advance('1s');
    expect(fired).toEqual(['early at 100', 'early too at 100', 'late at 300']);
    expect(clock.monotonic()).toBe(1_000);
  });

  it('fires a timer that is due at the very end and keeps the later ones', async () => {
    clock.after(1_000, note('due'));
    clock.after(1_001, note('not yet'));
    await clock.advance('1s');
    expect(fired).toEqual(['due at 1000']);
    expect(clock.pendingTimers).toBe(1);
  });

  it('fires a timer that a fired timer started', async () => {
    clock.after(100, () => clock.after(100, note('second')));
    clock.after(250, note('third'));
    await clock.advance(300);
    expect(fired).toEqual(['second at 200', 'third at 250']);
  });

  it('fires a timer with no delay, or a negative one, at the next advance', async () => {
    clock.after(0, note('zero'));
    clock.after(-5, note('overdue'));
    expect(fired).toEqual([]);
    await clock.advance(0);
    expect(fired).toEqual(['zero at 0', 'overdue at 0']);
  });

  it('never fires a cancelled timer, even one that a timer due together cancels', async () => {
    clock.after(100, () => second.cancel());
    const second = clock.after(100, note('second'));
    await clock.advance('1s');
    expect(fired).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits for what a timer started before time moves on', async () => {
    let reading: Promise<unknown> = Promise.resolve();
    clock.after(100, () => {
      reading = readFile(__filename).then(() => clock.after(100, note('read on')));
    });
    await clock.advance('1s', async () => void (await reading));
    expect(fired).toEqual(['read on at 200']);
  });

  it('settles the way it was told once', async () => {
    const settledAt: number[] = [];
    const settling = new FakeClock({ settle: () => Promise.resolve(void settledAt.push(settling.monotonic())) });
    settling.after(100, () => undefined);
    settling.after(200, () => undefined);
    await settling.advance('1s');
    expect(settledAt).toEqual([0, 100, 200]);
  });

  it('passes on what a timer throws', async () => {
    clock.after(100, () => {
      throw new Error('out of ink');
    });
    await expect(clock.advance('1s')).rejects.toThrow('out of ink');
  });
});
