import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Chance } from './chance';

/** A connection to the database that can be cut: hosts connect to it, and it to the server. */
export class Wire {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server = createServer((client) => this.accept(client));
  private refusing = false;
  private lossShare = 0;

  private constructor(
    private readonly target: URL,
    private readonly chance: Chance,
  ) {}

  static async to(databaseUrl: string, chance: Chance): Promise<Wire> {
    const wire = new Wire(new URL(databaseUrl), chance);
    wire.server.listen(0, '127.0.0.1');
    await once(wire.server, 'listening');
    return wire;
  }

  /** The database's URL by way of this wire. */
  get url(): string {
    const url = new URL(this.target.href);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Breaks every connection, and every new one, in the midst of whatever goes over it. */
  cut(): void {
    this.refuse();
    for (const [client, server] of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Lets nobody in; what is connected stays so. */
  refuse(): void {
    this.refusing = true;
  }

  /** Breaks connections when the server has done what it was asked and answers: this share of all answers. */
  loseAnswers(share: number): void {
    this.lossShare = share;
  }

  mend(): void {
    this.refusing = false;
    this.lossShare = 0;
  }

  async end(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  private accept(client: Socket): void {
    if (this.refusing) return void client.resetAndDestroy();
    const server = connect(Number(this.target.port), this.target.hostname);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) =>
      this.chance.next() < this.lossShare ? client.resetAndDestroy() : client.write(bytes),
    );
    for (const [one, other] of [pair, [server, client] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    client.on('close', () => this.pairs.delete(pair));
  }
}
