import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EngineState } from './engine-state';
import type { Observer } from './observer';

export abstract class ObserverOptions {
  /** What watches the engine. */
  abstract readonly observers: readonly Observer[];
}

/** Has the engine watched for as long as the application runs. */
@Injectable()
export class Observers implements OnModuleInit, OnApplicationShutdown {
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly engine: EngineState,
    private readonly options: ObserverOptions,
  ) {}

  onModuleInit(): void {
    for (const observer of this.options.observers) {
      const stop = observer.start?.(this.engine);
      if (stop) this.stops.push(stop);
    }
  }

  onApplicationShutdown(): void {
    this.stops.splice(0).forEach((stop) => stop());
  }
}
