import type { LifecycleEvent } from '../deliveries/lifecycle';
import type { Tracing } from '../deliveries/tracing';

/** What waits in the database, of all tenants and in all processes. */
export interface BacklogState {
  /** How many deliveries are pending; not counted further than 10,000. */
  readonly pending: number;
  /** How long ago the first of what waits was due, in milliseconds; 0 where nothing is late. */
  readonly ageMs: number;
  /** How many subscriptions are suspended. */
  readonly suspended: number;
}

/** What there is to watch of one application's engine. */
export abstract class ObservedEngine {
  /** Calls `listener` with everything that happens from now on; answers how to stop that. */
  abstract subscribe(listener: (event: LifecycleEvent) => void): () => void;
  /** How many attempts this process has under way. */
  abstract readonly attemptsInFlight: number;
  /** How many lanes this process owns. */
  abstract readonly lanesOwned: number;
  /** What waits; read from the database every 15 seconds at the most, and only when it is asked for. */
  abstract backlog(): Promise<BacklogState>;
}

/** Watches the engine of one application: measures it, or follows its events. */
export interface Observer {
  /** Follows events to their attempts; of all observers of an application, one may. */
  readonly tracing?: Tracing;
  /** Begins to watch; answers how to stop. */
  start?(engine: ObservedEngine): () => void;
}
