import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { CommitWatch } from '../publishing/commit-watch';
import type { Timer } from '../shared/clock';
import { TopicCatalogue } from '../topics/catalogue';
import { EmittedEvents, type Emitter } from './emitted-events';
import { EntityChanges } from './entity-changes';
import { optionalProvider } from './optional-peer';
import { OperationalEvents } from './operational-events';
import { RegisteredEntities } from './registered-entities';

/** The DI token of the host's data source. */
export const HOST_DATA_SOURCE = Symbol('HostDataSource');

/** The part of `@nestjs/schedule`'s SchedulerRegistry that is used here. */
interface TimerRegistry {
  addInterval(name: string, handle: unknown): void;
  deleteInterval(name: string): void;
  doesExist(type: 'interval', name: string): boolean;
}

const TIMER_NAME = 'webhooks.heartbeat';

/** Ties the engine to what the host has: its data source, and where they are there, its emitter and its scheduler. */
@Injectable()
export class HostBridges {
  private timers: TimerRegistry | undefined;

  constructor(
    private readonly moduleRef: ModuleRef,
    @Inject(HOST_DATA_SOURCE) private readonly host: DataSource,
    private readonly commits: CommitWatch,
    private readonly entityChanges: EntityChanges,
    private readonly entities: RegisteredEntities,
    private readonly emittedEvents: EmittedEvents,
    private readonly operationalEvents: OperationalEvents,
    private readonly catalogue: TopicCatalogue,
  ) {}

  attach({ eventEmitter, operationalEvents }: { eventEmitter: boolean; operationalEvents: boolean }): void {
    this.commits.attachTo(this.host);
    this.entityChanges.attachTo(this.host);
    const emitter = optionalProvider<Emitter>(this.moduleRef, '@nestjs/event-emitter', 'EventEmitter2');
    const topics = this.catalogue.list().filter(({ name }) => !this.entities.ownsTopic(name));
    if (emitter && eventEmitter) this.emittedEvents.attachTo(emitter, topics);
    if (operationalEvents) this.operationalEvents.attach();
  }

  /** Lists a timer among those of the host, where it has a list. */
  showTimer(timer: Timer | undefined): void {
    if (timer?.handle === undefined) return;
    this.timers = optionalProvider<TimerRegistry>(this.moduleRef, '@nestjs/schedule', 'SchedulerRegistry');
    this.timers?.addInterval(TIMER_NAME, timer.handle);
  }

  hideTimer(): void {
    if (this.timers?.doesExist('interval', TIMER_NAME)) this.timers.deleteInterval(TIMER_NAME);
    this.timers = undefined;
  }

  detach(): void {
    this.emittedEvents.detach();
    this.host.subscribers.splice(0, this.host.subscribers.length, ...this.hostsOwnSubscribers());
  }

  private hostsOwnSubscribers(): DataSource['subscribers'] {
    return this.host.subscribers.filter((each) => each !== this.commits && each !== this.entityChanges);
  }
}
