import type { Config } from 'jest';
import { endEvenIfSomethingIsOpen } from './bounded-exit';
import type { RunOfTheSpecs } from './global-setup';

type GlobalConfig = Pick<Config, 'watch' | 'watchAll'>;

export default async function globalTeardown({ watch, watchAll }: GlobalConfig): Promise<void> {
  await (globalThis as RunOfTheSpecs).embeddedPostgres?.stop();
  if (!watch && !watchAll) endEvenIfSomethingIsOpen();
}
