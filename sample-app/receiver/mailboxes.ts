import { Injectable } from '@nestjs/common';
import { Mailbox } from './mailbox';

const MOST_MAILBOXES = 200;

/** The receivers by name, in memory; the one that was made first gives way when there are too many. */
@Injectable()
export class Mailboxes {
  private readonly mailboxes = new Map<string, Mailbox>();

  get(name: string): Mailbox {
    return this.mailboxes.get(name) ?? this.make(name);
  }

  clear(name: string): void {
    this.mailboxes.delete(name);
  }

  private make(name: string): Mailbox {
    const [first] = this.mailboxes.keys();
    if (first !== undefined && this.mailboxes.size >= MOST_MAILBOXES) this.mailboxes.delete(first);
    const mailbox = new Mailbox();
    this.mailboxes.set(name, mailbox);
    return mailbox;
  }
}
