import type { SqliteHandle } from '../../lib/storage/sqlite.statements';

const machineNow = Date.now.bind(Date);
let offsetMs = 0;

/**
 * The clock of the machine as this process sees it, which a test can set. To be imported before everything else, so
 * that nobody has taken hold of the real one.
 */
export const wallClock = {
  install(): void {
    Date.now = () => machineNow() + offsetMs;
    globalThis.Date = new Proxy(Date, {
      construct: (target, given: [], newTarget) =>
        Reflect.construct(target, given.length === 0 ? [target.now()] : given, newTarget) as Date,
    });
  },

  /** Sets it to so much before or after the real one. */
  set(aheadMs: number): void {
    offsetMs = aheadMs;
  },

  /** SQLite runs in this process, so its clock is this machine's. */
  governs(sqlite: SqliteHandle): void {
    const seconds = () => Date.now() / 1_000;
    (sqlite as SqliteHandle & { function(name: string, options: object, run: () => number): void }).function(
      'unixepoch',
      { varargs: true },
      seconds,
    );
  },
};

wallClock.install();
