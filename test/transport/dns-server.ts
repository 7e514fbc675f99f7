import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';
import type { ResolveHost } from '../../lib/transport/guarded-lookup';

/** What a name answers: an IPv4 or IPv6 address, or another name. */
export type Records = readonly string[];

/** A name server of the tests' own, whose names answer something else each time they are asked for. */
export class DnsServer {
  /** What was asked for, in order, such as `A flips.test`. */
  readonly questions: string[] = [];
  private readonly resolver = new Resolver({ timeout: 2_000, tries: 1 });

  private constructor(
    private readonly socket: Socket,
    private readonly zone: Readonly<Record<string, readonly Records[]>>,
  ) {
    this.resolver.setServers([`127.0.0.1:${socket.address().port}`]);
    socket.on('message', (message, { port, address }) => socket.send(this.answer(message), port, address));
  }

  /** @param zone what each name answers the first time, the second time and so on; the last of them for ever */
  static async start(zone: Readonly<Record<string, readonly Records[]>>): Promise<DnsServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new DnsServer(socket, zone);
  }

  /** Resolves names with this server, both families. */
  readonly resolveHost: ResolveHost = (hostname, _options, callback) => {
    void this.resolve(hostname).then(
      (addresses) => callback(null, addresses),
      (error: Error) => callback(error, []),
    );
  };

  /** How often a name was asked for. */
  asked(name: string): number {
    return this.questions.filter((question) => question === `A ${name}`).length;
  }

  close(): Promise<void> {
    this.resolver.cancel();
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private async resolve(hostname: string): Promise<{ address: string; family: number }[]> {
    const [v4, v6] = await Promise.allSettled([this.resolver.resolve4(hostname), this.resolver.resolve6(hostname)]);
    if (v4.status === 'rejected' && v6.status === 'rejected') throw v4.reason;
    const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }

  private answer(message: Buffer): Buffer {
    const { id, questions = [] } = decode(message);
    const { name, type } = questions[0]!;
    this.questions.push(`${type} ${name}`);
    const records = this.recordsOf(name, type);
    const answers = records && this.answersOf(name, records).filter((each) => [type, 'CNAME'].includes(each.type));
    return encode({ type: 'response', id, questions, answers, flags: answers ? 0 : NXDOMAIN });
  }

  private recordsOf(name: string, type: string): Records | undefined {
    const turns = this.zone[name];
    const turn = this.questions.filter((question) => question === `${type} ${name}`).length;
    return turns?.[Math.min(turn, turns.length) - 1];
  }

  /** Nothing may be kept, and a name that leads on to another brings that one's addresses along. */
  private answersOf(name: string, records: Records): Answer[] {
    return records.flatMap((data): Answer[] => {
      if (data.includes(':')) return [{ name, type: 'AAAA', ttl: 0, data }];
      if (/^[\d.]+$/.test(data)) return [{ name, type: 'A', ttl: 0, data }];
      return [{ name, type: 'CNAME', ttl: 0, data }, ...this.answersOf(data, this.zone[data]?.[0] ?? [])];
    });
  }
}

const NXDOMAIN = 3;
