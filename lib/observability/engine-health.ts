import { Injectable } from '@nestjs/common';
import { BacklogRepository } from '../deliveries/backlog.repository';
import { Lease } from '../lanes/lease';
import { Clock } from '../shared/clock';
import { EngineState } from './engine-state';

const LONGEST_WAIT_MS = 3_000;

/** What is demanded of the engine. */
export interface HealthOptions {
  /**
   * How late the first of what waits may be, in milliseconds.
   * @default no limit: one endpoint in trouble keeps its own deliveries waiting, which is no fault of this process
   */
  readonly backlogAgeMs?: number;
}

/** Whether the engine of this process works. */
export interface Health {
  readonly status: 'up' | 'down';
  readonly database: 'up' | 'down';
  /** Whether this process may own lanes, and so deliver. Before boot has ended and while a shutdown goes on, it is lost. */
  readonly lease: 'held' | 'lost';
  /** How late the first of what waits is, in milliseconds; at most 15 seconds old, and null where it is not known. */
  readonly backlogAgeMs: number | null;
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[];
}

/** Finds out whether the engine works. */
@Injectable()
export class EngineHealth {
  constructor(
    private readonly repository: BacklogRepository,
    private readonly state: EngineState,
    private readonly lease: Lease,
    private readonly clock: Clock,
  ) {}

  /** Never rejects, and answers within seconds even where the database does not. */
  async check({ backlogAgeMs: limit = Infinity }: HealthOptions = {}): Promise<Health> {
    const reachable = await this.inTime(this.repository.ping().then(() => true));
    const backlog = reachable ? await this.inTime(this.state.backlog()) : undefined;
    const age = backlog?.ageMs ?? null;
    const late = age !== null && age > limit;
    const problems = [
      ...(backlog ? [] : ['The database does not answer.']),
      ...(this.lease.held ? [] : ['This process has no lease, and delivers nothing.']),
      ...(late ? [`The first of what waits is ${age} ms late; at most ${limit} are allowed.`] : []),
    ];
    return {
      status: problems.length === 0 ? 'up' : 'down',
      database: backlog ? 'up' : 'down',
      lease: this.lease.held ? 'held' : 'lost',
      backlogAgeMs: age,
      problems,
    };
  }

  /** What it comes to; undefined where it fails or takes too long. */
  private async inTime<Result>(answer: Promise<Result>): Promise<Result | undefined> {
    let giveUp = (): void => undefined;
    const deadline = new Promise<undefined>((resolve) => (giveUp = () => resolve(undefined)));
    const timer = this.clock.after(LONGEST_WAIT_MS, giveUp);
    try {
      return await Promise.race([answer, deadline]);
    } catch {
      return undefined;
    } finally {
      timer.cancel();
    }
  }
}
