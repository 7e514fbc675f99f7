import type { NewEvent } from '../events/events.repository';

type Keyed = Pick<NewEvent, 'tenant' | 'orderingKey'>;

/** The orders that some events are in: what comes after one of them must not be stored before it. */
export class Orders {
  private readonly names = new Set<string>();

  add(event: Keyed): void {
    if (event.orderingKey !== undefined) this.names.add(nameOf(event));
  }

  has(event: Keyed): boolean {
    return this.names.size > 0 && event.orderingKey !== undefined && this.names.has(nameOf(event));
  }
}

function nameOf({ tenant, orderingKey }: Keyed): string {
  return JSON.stringify([tenant, orderingKey]);
}
