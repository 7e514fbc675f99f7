import { Injectable } from '@nestjs/common';
type Listener = (subscriptionId: string) => void;

/** Tells the rest of this process at once that a subscription was made, changed or removed here. */
@Injectable()
export class SubscriptionChanges {
  private readonly listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }

  announce(subscriptionId: string): void {
    this.listeners.forEach((listener) => listener(subscriptionId));
  }
}
