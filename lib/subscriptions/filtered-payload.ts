import type { PayloadFilter } from '../filters/payload-filter';
import type { TopicCatalogue } from '../topics/catalogue';
import type { VersionedPayload } from '../topics/topic-versions';
import type { Subscription } from './subscription';

/** One payload that several filters are asked about, each in the version that its subscription gets. */
export class FilteredPayload {
  private readonly parsed = new Map<string, unknown>();

  constructor(
    private readonly event: VersionedPayload & { readonly topic: string },
    private readonly catalogue: TopicCatalogue,
  ) {}

  /** Whether a filter lets it through. What cannot be told here is delivered, and fails where it can be seen. */
  passes(filter: PayloadFilter | undefined, { preferences }: Pick<Subscription, 'preferences'>): boolean {
    if (!filter) return true;
    try {
      return filter.wants(this.dataOf(this.catalogue.payloadIn(this.event, preferences.versions)));
    } catch {
      return true;
    }
  }

  private dataOf(text: string): unknown {
    if (!this.parsed.has(text)) this.parsed.set(text, JSON.parse(text));
    return this.parsed.get(text);
  }
}
