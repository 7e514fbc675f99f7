import type { PayloadFilter } from '../filters/payload-filter';
import type { TopicCatalogue } from '../topics/catalogue';
import type { TopicVersions, VersionedPayload } from '../topics/topic-versions';
import type { Subscription } from './subscription';

/** One payload that several filters are asked about, each in the version that its subscription gets. */
export class FilteredPayload {
  private readonly parsed = new Map<number, unknown>();

  constructor(
    private readonly event: VersionedPayload & { readonly topic: string },
    private readonly catalogue: TopicCatalogue,
  ) {}

  /** Whether a filter lets it through. What cannot be told here is delivered, and fails where it can be seen. */
  passes(filter: PayloadFilter | undefined, { preferences }: Pick<Subscription, 'preferences'>): boolean {
    if (!filter) return true;
    try {
      return filter.wants(this.dataFor(preferences.versions));
    } catch {
      return true;
    }
  }

  /** Parsed once for all who stay with the same version: each parsing, and each transform, takes as long as the payload. */
  private dataFor(versions: TopicVersions = {}): unknown {
    const { topic } = this.event;
    const wanted = Object.hasOwn(versions, topic) ? versions[topic]! : 1;
    if (!this.parsed.has(wanted)) this.parsed.set(wanted, JSON.parse(this.catalogue.payloadIn(this.event, versions)));
    return this.parsed.get(wanted);
  }
}
