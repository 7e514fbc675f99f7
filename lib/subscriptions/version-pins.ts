import { Injectable } from '@nestjs/common';
import { TopicCatalogue } from '../topics/catalogue';
import { LONGEST_TOPIC_NAME } from '../topics/topic';
import { versionsNow, type TopicVersions } from '../topics/topic-versions';
import type { NewSubscription, SubscriptionChange } from './new-subscription';
import type { Preferences } from './preferences';
import type { Subscription } from './subscription';
import type { FieldObjection } from './subscription-errors';

/** Keeps subscriptions with the versions of topics that they began with. */
@Injectable()
export class VersionPins {
  constructor(private readonly catalogue: TopicCatalogue) {}

  /** The preferences of a new subscription. */
  first({ topics, preferences = {} }: Pick<NewSubscription, 'topics' | 'preferences'>): Preferences {
    return pinned(preferences, versionsNow(this.catalogue.matching(topics), preferences.versions));
  }

  /** The preferences of a changed one: topics that it did not have before begin with what they are now. */
  next({ topics: before, preferences: current }: Subscription, change: SubscriptionChange): Preferences | undefined {
    const { topics = before, preferences = current } = change;
    if (topics === before && preferences === current) return undefined;
    const known = new Set(this.catalogue.matching(before));
    const added = this.catalogue.matching(topics).filter((topic) => !known.has(topic));
    // Who goes on to another version of one topic stays where they are with the others.
    return pinned(preferences, versionsNow(added, { ...current.versions, ...preferences.versions }));
  }

  /** What is wrong with the versions that somebody asks for. @param kept those that they have */
  objectionsTo({ versions = {} }: Preferences, kept: TopicVersions = {}): FieldObjection[] {
    return Object.entries(versions).flatMap(([name, version]) => {
      const message = this.objectionToVersion(name, version);
      // A topic that is gone may come back, and a subscription that names it can still be changed.
      const isKept = Object.hasOwn(kept, name) && kept[name] === version;
      return message === undefined || isKept ? [] : [{ field: 'versions', message, rule: 'choice' }];
    });
  }

  private objectionToVersion(name: string, version: number): string | undefined {
    const topic = this.catalogue.find(name);
    if (!topic) return `there is no topic "${name.slice(0, LONGEST_TOPIC_NAME)}"`;
    if (Number.isInteger(version) && version >= 1 && version <= topic.version) return undefined;
    return `"${name}" has versions ${topic.version - topic.earlier.length} to ${topic.version}`;
  }
}

function pinned(preferences: Preferences, versions: TopicVersions | undefined): Preferences {
  return versions ? { ...preferences, versions } : preferences;
}
