import { median } from './percentiles';
import type { Stage } from './stage';

/** One line of the table. */
export interface Result {
  /** Such as `P1-axios`. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  /** Such as `≥ 3`; null where the figure is reported only. */
  readonly target: string | null;
  /** Whether the target is reached; null without one. */
  readonly met: boolean | null;
  /** What was measured in each round. */
  readonly runs: readonly unknown[];
}

/** One of the measurements P1 to P12, and some that look closer. */
export interface Measurement {
  readonly id: string;
  readonly title: string;
  run(stage: Stage): Promise<Result[]>;
}

interface Figure<Run> {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly Run[];
  /** The figure of one run; the result is their median. */
  readonly value: (run: Run) => number;
}

export function atLeast<Run>(target: number, figure: Figure<Run>): Result {
  const reported = report(figure);
  return { ...reported, target: `≥ ${target}`, met: reported.value >= target };
}

export function atMost<Run>(target: number, figure: Figure<Run>): Result {
  const reported = report(figure);
  return { ...reported, target: `≤ ${target}`, met: reported.value <= target };
}

export function below<Run>(target: number, figure: Figure<Run>): Result {
  const reported = report(figure);
  return { ...reported, target: `< ${target}`, met: reported.value < target };
}

/** A figure that has no target. */
export function report<Run>({ id, name, runs, value }: Figure<Run>): Result {
  return { id, name, value: median(runs.map(value)), target: null, met: null, runs };
}
