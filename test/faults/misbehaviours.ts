import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** An endpoint that does what it should not, and how attempts at it are to end. */
export interface Misbehaviour {
  readonly name: string;
  readonly behave: (socket: Socket, elsewhere: string) => void;
  /** The status or the kind of failure; several where the transports see different things first. */
  readonly ends: readonly string[];
}

const HUNDRED_MEGABYTES = 100 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

const behaveAtOnce = (behave: (socket: Socket) => void) => (socket: Socket) =>
  void socket.once('data', () => behave(socket));

export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  { name: 'resets', behave: behaveAtOnce((socket) => socket.resetAndDestroy()), ends: ['connection'] },
  { name: 'hangs up before the request', behave: (socket) => socket.destroy(), ends: ['connection'] },
  {
    name: 'hangs up in the middle of its answer',
    behave: behaveAtOnce((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')),
    ends: ['connection'],
  },
  { name: 'never answers', behave: behaveAtOnce(() => undefined), ends: ['timeout'] },
  { name: 'drips a byte a second', behave: behaveAtOnce(drip), ends: ['timeout'] },
  { name: 'answers with 100 MB and a failure', behave: behaveAtOnce((socket) => pour(socket)), ends: ['500'] },
  {
    name: 'speaks garbage',
    behave: behaveAtOnce((socket) => socket.end('\0\x01 garbage \xff\r\n\r\n')),
    ends: ['protocol'],
  },
  {
    name: 'answers with endless headers',
    behave: behaveAtOnce((socket) => pour(socket, `HTTP/1.1 200 OK\r\nx: `)),
    ends: ['protocol'],
  },
  {
    name: 'answers 102 without end',
    behave: behaveAtOnce((socket) => repeat(socket, 'HTTP/1.1 102 Processing\r\n\r\n')),
    ends: ['protocol'],
  },
  {
    name: 'redirects',
    behave: (socket, elsewhere) =>
      void socket.on('data', () =>
        socket.write(`HTTP/1.1 302 Found\r\nlocation: ${elsewhere}\r\ncontent-length: 0\r\n\r\n`),
      ),
    ends: ['302'],
  },
];

/** A misbehaving endpoint that is listening. */
export class Rogue {
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly misbehaviour: Misbehaviour,
    private readonly server: Server,
  ) {}

  /** @param elsewhere where it sends those who follow redirects */
  static async start(misbehaviour: Misbehaviour, elsewhere: string): Promise<Rogue> {
    const server = createServer();
    const rogue = new Rogue(misbehaviour, server);
    server.on('connection', (socket) => {
      rogue.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => rogue.sockets.delete(socket));
      misbehaviour.behave(socket, elsewhere);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return rogue;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async end(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
    await closed;
  }
}

function drip(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
  repeat(socket, 'x', 1_000);
}

function repeat(socket: Socket, text: string, everyMs = 1): void {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.on('close', () => clearInterval(timer));
}

/** As fast as the other side takes it, so that only what it takes is ever in memory. */
function pour(socket: Socket, beginning = `HTTP/1.1 500 Oh\r\ncontent-length: ${HUNDRED_MEGABYTES}\r\n\r\n`): void {
  let left = HUNDRED_MEGABYTES;
  socket.write(beginning);
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      left -= CHUNK.length;
      if (!socket.write(CHUNK)) return;
    }
  };
  socket.on('drain', more);
  more();
}
