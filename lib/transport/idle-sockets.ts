import type { Duplex } from 'node:stream';

/** The idle sockets of several agents, bounded together: Node's agents bound them for each origin only. */
export class IdleSockets {
  private readonly idle = new Set<Duplex>();
  private readonly watched = new WeakSet<Duplex>();

  constructor(private readonly limit: number) {}

  /** Keeps a socket, at the cost of the one that has been idle longest when there are too many. */
  keep(socket: Duplex): true {
    this.forgetOnceClosed(socket);
    this.idle.add(socket);
    if (this.idle.size > this.limit) this.dropOldest();
    return true;
  }

  /** A kept socket is in use again. */
  take(socket: Duplex): void {
    this.idle.delete(socket);
  }

  private dropOldest(): void {
    const [oldest] = this.idle as Set<Duplex> & [Duplex];
    this.idle.delete(oldest);
    oldest.destroy();
  }

  private forgetOnceClosed(socket: Duplex): void {
    if (this.watched.has(socket)) return;
    this.watched.add(socket);
    socket.once('close', () => this.idle.delete(socket));
  }
}
