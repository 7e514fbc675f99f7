import type { Command } from './command';
import { deliveries } from './commands/deliveries';
import { docs } from './commands/docs';
import { listen } from './commands/listen';
import { migrate } from './commands/migrate';
import { prune } from './commands/prune';
import { replay } from './commands/replay';
import { resend } from './commands/resend';
import { rotateKeys } from './commands/rotate-keys';
import { status } from './commands/status';
import { types } from './commands/typescript';

/** Every command, in the order of the help. A new one is a file in `commands/` and a line here. */
export const COMMANDS: readonly Command[] = [
  migrate,
  status,
  deliveries,
  resend,
  replay,
  prune,
  rotateKeys,
  listen,
  types,
  docs,
];
