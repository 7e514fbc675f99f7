import type { DatabaseKind } from '../support/databases';
import type { EmbeddedPostgres } from '../support/databases/embedded-postgres';
import type { Chance } from './chance';
import type { Subscriber } from './market';
import type { Stage } from './stage';

/** How often faults are to happen on one database. */
export interface Size {
  /** How many processes are killed. */
  readonly kills: number;
  /** How often everything else happens. */
  readonly rounds: number;
}

/** What a scenario works with. */
export interface Scene {
  readonly stage: Stage;
  readonly size: Size;
  readonly chance: Chance;
  /** The server that belongs to this scenario alone, where it asked for one. */
  readonly server?: EmbeddedPostgres;
}

/** One way in which things go wrong. */
export interface Scenario {
  /** What it is called on the command line. */
  readonly name: string;
  /** What happens, for the table. */
  readonly fault: string;
  readonly databases: readonly DatabaseKind[];
  readonly market: readonly Subscriber[];
  /** Whether it needs a Postgres of its own, to do what nobody else is to suffer from. */
  readonly ownServer?: true;
  /** On which databases nothing may be sent twice, because nothing was broken off. @default none */
  readonly exactlyOnceOn?: readonly DatabaseKind[];
  /** Why it cannot be played here; undefined where it can. */
  readonly missing?: () => string | undefined;
  /** Lets it happen. Throws where something is not so that must be, besides what is always promised. */
  play(scene: Scene): Promise<void>;
}
