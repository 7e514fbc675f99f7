import { Injectable } from '@nestjs/common';
import type { Subscription } from './subscription';

/** @param resumed what was turned on again, where that is the change */
type Listener = (subscriptionId: string, resumed?: Subscription) => void;

/** Tells the rest of this process at once that a subscription was made, changed or removed here. */
@Injectable()
export class SubscriptionChanges {
  private readonly listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }

  announce(subscriptionId: string, resumed?: Subscription): void {
    this.listeners.forEach((listener) => listener(subscriptionId, resumed));
  }
}
